"""The peer: Eve (https://docs.python-eve.org) with If-Match and document versioning.

Its settings are its own but for two that favour it: no count per page, and the indexes that its
look-ups need.
"""

from typing import Any

from eve import Eve  # type: ignore[import-untyped]  # it ships no types

_TEXT = {"type": "string", "maxlength": 200}
_CODE = {"type": "string", "maxlength": 20}
_DATE = {"type": "string", "regex": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_FLAG = {"type": "string", "allowed": ["0", "1", "9"]}


def _object(**schema: Any) -> dict[str, Any]:
    return {"type": "dict", "schema": schema}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "list", "maxlength": 50, "schema": schema}


SCHEMA = {
    "resourceType": {"type": "string", "allowed": ["ParticipantProfile"], "required": True},
    "firstName": {**_TEXT, "required": True},
    "middleName": _TEXT,
    "lastName": {**_TEXT, "required": True},
    "birthDate": {**_DATE, "required": True},
    "pirlUniqueId": {"type": "string", "regex": "^[A-Z0-9]{12}$", "required": True},
    "address": _list(
        _object(
            use={"type": "string", "allowed": ["home", "mailing", "temporary", "old"]},
            line=_list(_TEXT),
            city=_TEXT,
            state=_CODE,
            postalCode=_CODE,
            countyFips=_CODE,
        )
    ),
    "telecom": _list(
        _object(
            system={"type": "string", "allowed": ["phone", "sms", "email"], "required": True},
            value={**_TEXT, "required": True},
            preferred={"type": "boolean"},
        )
    ),
    "preferredLanguage": _CODE,
    "interpreterNeeded": {"type": "boolean"},
    "sex": {"type": "string", "allowed": ["1", "2", "9"]},
    "hispanicLatino": _FLAG,
    "races": _list(_TEXT),
    "veteranStatus": _FLAG,
    "eligibleVeteranStatus": {"type": "string", "allowed": ["0", "1", "2", "3"]},
    "militaryService": _list(
        _object(
            branch={**_TEXT, "required": True},
            occupationCode=_CODE,
            title=_TEXT,
            separationDate=_DATE,
            discharge=_TEXT,
        )
    ),
    "employmentStatus": {"type": "string", "allowed": ["0", "1", "2", "3"], "required": True},
    "longTermUnemployed": _FLAG,
    "highestGrade": {"type": "integer", "min": 0, "max": 12},
    "educationLevel": {**_CODE, "required": True},
    "schoolStatus": _CODE,
    "workHistory": _list(
        _object(
            employerName=_TEXT,
            title={**_TEXT, "required": True},
            onetSoc=_CODE,
            naics=_CODE,
            startDate=_DATE,
            endDate=_DATE,
            hourlyWage={"type": "number", "min": 0},
        )
    ),
    "householdSize": {"type": "integer", "min": 1, "max": 50},
    "householdIncome": {"type": "number", "min": 0},
    "benefits": _object(tanf=_FLAG, snap=_FLAG),
    "barriers": _object(lowIncome=_FLAG, basicSkillsDeficient=_FLAG, singleParent=_FLAG),
    "localWorkforceArea": _TEXT,
    "status": {**_CODE, "required": True},
}


def create_app(uri: str) -> Eve:
    """Return the application over the database at `uri`."""
    app = Eve(
        settings={
            "DOMAIN": {"people": {"schema": SCHEMA, "versioning": True}},
            "MONGO_URI": uri,
            "MONGO_DBNAME": "eve",
            "RENDERERS": ["eve.render.JSONRenderer"],
            "RESOURCE_METHODS": ["GET", "POST"],
            "ITEM_METHODS": ["GET", "PUT"],
            "IF_MATCH": True,
            "OPTIMIZE_PAGINATION_FOR_SPEED": True,
        }
    )
    with app.app_context():
        database = app.data.driver.db
        database["people"].create_index("pirlUniqueId", unique=True)
        for name in ("address.city", "lastName", "birthDate", "status"):
            database["people"].create_index(name)
        database["people_versions"].create_index([("_id_document", 1), ("_version", 1)])
    return app
