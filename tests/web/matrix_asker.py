"""Who asks on a road of the access matrix, and what it takes to go it."""

import json
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import NamedTuple

from builders import a_profile, an_example
from bundles import send
from matrix_world import PROFILE, an_enrollment

FORM = {"content_type": "application/x-www-form-urlencoded"}


class Entry(NamedTuple):
    """The answer to one entry of a batch."""

    status_code: int
    text: str
    headers: object


@dataclass
class Asker:
    """Who asks for what: a client, the row aimed at, a row of its own that leads there.

    `apart` is a row of its own that does not.
    """

    http: object
    aim: object
    own: dict
    apart: dict
    partner: str
    person: dict
    event: str
    start: str

    def get(self, path, **sent):
        return self.http.get(f"/v1/{path}", **sent)

    def post(self, path, body, **sent):
        return self.http.post(f"/v1/{path}", json=body, **sent)

    def operate(self, path, **inputs):
        """Ask an operation with inputs, each said by the name of its element in Parameters."""
        told = [{"name": name, **value} for name, value in inputs.items()]
        return self.post(path, {"resourceType": "Parameters", "parameter": told})

    def form(self, path, text):
        return self.http.post(f"/v1/{path}", data=text, **FORM)

    def batch(self, roads):
        """Ask by all roads that are entries at once; return each with its answer."""
        reply = send(self.http, *(road.go(self) for road in roads), kind="batch")
        if reply.status_code != HTTPStatus.OK:
            return [(road, reply) for road in roads]
        return [
            (road, Entry(int(each["response"]["status"][:3]), json.dumps(each), reply.headers))
            for road, each in zip(roads, reply.json["entry"], strict=True)
        ]

    def transaction(self, *entries):
        return send(self.http, *entries)

    @property
    def program(self):
        """The id of the program of the row aimed at."""
        return self.aim.body["program"]["reference"].partition("/")[2]

    @property
    def service(self):
        """The id of the service of the row aimed at."""
        return self.aim.body["service"]["reference"].partition("/")[2]

    @cached_property
    def read(self):
        """The row as the asker sees it, None when it does not."""
        reply = self.get(self.aim.path)
        return reply.json if reply.status_code == HTTPStatus.OK else None

    @property
    def seen(self):
        """What a write sends that changes nothing: the row as seen, else as it is."""
        return self.read or self.aim.body

    @property
    def anew(self):
        """A new row of the asker's own, of the type aimed at."""
        if self.aim.type == PROFILE:
            return a_profile()
        owner = self.partner.partition("/")[2]
        return an_enrollment(self.person, owner)

    @property
    def foreign(self):
        """A new row in the name of the owner of the row aimed at."""
        if self.aim.type == PROFILE:
            return a_profile()
        return an_enrollment(self.person, self.aim.owner)

    @property
    def pointing(self):
        """A new row of the asker's own that refers to the row aimed at, and by which element."""
        if self.aim.type == PROFILE:
            return an_enrollment({"reference": self.aim.path}, self.partner.partition("/")[2])
        return an_example("ParticipantCredential") | {
            "participant": self.person,
            "partner": {"reference": self.partner},
            "enrollment": {"reference": self.aim.path},
        }

    @property
    def known(self):
        """What is known of the person aimed at by who looks for its profile."""
        return {
            name: self.aim.body[name]
            for name in ("resourceType", "firstName", "lastName", "birthDate")
        }

    @property
    def questionnaire(self):
        """The questionnaire of the person aimed at, as the asker would finish it."""
        return an_example("ParticipantServiceAssessment") | {
            "participant": self.person,
            "partner": {"reference": self.partner},
            "needsFoodAssistance": "yes",
        }

    @property
    def link(self):
        """The search parameter of the asker's own row by which it refers to the row aimed at."""
        return "participant" if self.aim.type == PROFILE else "enrollment"
