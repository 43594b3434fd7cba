"""What an operation is called and what it takes; its inputs as FHIR Parameters or in the address.

https://hl7.org/fhir/R4/operations.html, https://hl7.org/fhir/R4/parameters.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from app.model.codec import Resource
from app.model.errors import BadParameter, Invalid, Issue
from app.model.query import TOLERATED

MOST_INPUTS = 100
MOST_DIGITS = 9


@dataclass(frozen=True)
class Input:
    """One input; `type` is a FHIR data type, such as `code`, or `resource`.

    `takes` names the resource type of a `resource`; `least` and `most` are numbers.
    """

    name: str
    type: str
    text: str
    is_required: bool = False
    codes: tuple[str, ...] = ()
    takes: str = ""
    least: int | None = None
    most: int | None = None
    is_many: bool = False
    """Whether it may be given several times; then its value is a list."""

    @property
    def field(self) -> str:
        """The element of a parameter that says it, such as `valueCode`."""
        kind = self.type
        return "resource" if kind == "resource" else f"value{kind[0].upper()}{kind[1:]}"


@dataclass(frozen=True)
class Signature:
    """The operation `$name` on a type, or on one resource of it.

    `writes` says that it may change what is stored; then it is asked by POST.
    """

    kind: str
    name: str
    summary: str
    inputs: tuple[Input, ...] = ()
    method: str = "POST"
    is_on_instance: bool = False
    writes: bool = False
    answers: str = "Parameters"

    @property
    def path(self) -> str:
        """The address below the base, `{id}` in the place of an id."""
        return (
            f"{self.kind}/{{id}}/${self.name}"
            if self.is_on_instance
            else f"{self.kind}/${self.name}"
        )

    @property
    def definition(self) -> str:
        """The canonical address of the operation."""
        return f"https://hub.wioa.example/operations/{self.name}"

    def asked(self, pairs: Sequence[tuple[str, str]]) -> dict[str, Any]:
        """Return the inputs of a query string; raise BadParameter for what is unknown or wrong."""
        given = [(name, text) for name, text in pairs if name not in TOLERATED]
        return self._checked(
            [(name, name, _read(self._named(name, name), text)) for name, text in given]
        )

    def told(self, body: Resource) -> dict[str, Any]:
        """Return the inputs of a body: FHIR Parameters, or the resource that it takes by itself."""
        if body.get("resourceType") != "Parameters":
            whole = [each for each in self.inputs if each.type == "resource"]
            if len(whole) != 1:
                raise BadParameter("The body must be a Parameters resource.", "/resourceType")
            return self._checked([("", whole[0].name, body)])
        return self._checked(list(self._parameters(body)))

    def _parameters(self, body: Resource) -> Iterator[tuple[str, str, Any]]:
        given = body.get("parameter", [])
        if not isinstance(given, list) or len(given) > MOST_INPUTS:
            raise BadParameter(f"There may be a list of {MOST_INPUTS} parameters.", "/parameter")
        for at, each in enumerate(given):
            pointer = f"/parameter/{at}"
            if not isinstance(each, dict) or not isinstance(each.get("name"), str):
                raise BadParameter("A parameter is an object with a name.", pointer)
            wanted = self._named(each["name"], f"{pointer}/name")
            if wanted.field not in each:
                raise BadParameter(f"This parameter is said by {wanted.field}.", pointer)
            yield f"{pointer}/{wanted.field}", wanted.name, each[wanted.field]

    def _named(self, name: str, pointer: str) -> Input:
        for each in self.inputs:
            if each.name == name:
                return each
        allowed = [each.name for each in self.inputs]
        raise BadParameter("The operation takes no such input.", pointer, allowed=allowed)

    def _checked(self, given: list[tuple[str, str, Any]]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for pointer, name, value in given:
            wanted = self._named(name, pointer)
            _refuse_wrong(wanted, value, pointer)
            if wanted.is_many:
                found.setdefault(name, []).append(value)
            elif name in found:
                raise BadParameter("This input is given once at most.", pointer)
            else:
                found[name] = value
        missing = [each for each in self.inputs if each.is_required and each.name not in found]
        if missing:
            text = "This input is required."
            issues = [Issue("required", BadParameter.detail, text, each.name) for each in missing]
            raise BadParameter("An input is missing.", issues=issues)
        return found


def parameters(*given: Resource) -> Resource:
    """Return a Parameters resource."""
    return {"resourceType": "Parameters", "parameter": list(given)}


def valued(inputs: Mapping[str, Any], name: str) -> str | None:
    """Return the reference that an input of type Reference names."""
    return inputs[name]["reference"] if name in inputs else None


def refuse_invalid(pointer: str, faults: list[Issue]) -> None:
    """Raise Invalid with the faults of a resource that stands at `pointer`, if there are any."""
    if faults:
        moved = [replace(each, pointer=f"{pointer}{each.pointer or ''}") for each in faults]
        raise Invalid("The resource breaks its schema.", issues=moved)


_JSON: Mapping[str, type | tuple[type, ...]] = {
    "resource": dict,
    "Reference": dict,
    "integer": int,
    "decimal": (int, float),
    "boolean": bool,
}


def _is_of(wanted: Input, value: Any) -> bool:
    is_bool = isinstance(value, bool) and wanted.type != "boolean"
    return isinstance(value, _JSON.get(wanted.type, str)) and not is_bool


def _refuse_wrong(wanted: Input, value: Any, pointer: str) -> None:
    if not _is_of(wanted, value):
        raise BadParameter(f"The value must be a {wanted.type}.", pointer)
    if wanted.type == "Reference" and not isinstance(value.get("reference"), str):
        raise BadParameter("A reference names Type/id.", f"{pointer}/reference")
    if wanted.codes and value not in wanted.codes:
        raise BadParameter("This is none of the codes.", pointer, allowed=wanted.codes)
    if wanted.least is not None and value < wanted.least:
        raise BadParameter(f"The least is {wanted.least}.", pointer)
    if wanted.most is not None and value > wanted.most:
        raise BadParameter(f"The most is {wanted.most}.", pointer)
    if wanted.takes and wanted.type == "resource" and value.get("resourceType") != wanted.takes:
        raise BadParameter(f"The resource must be a {wanted.takes}.", f"{pointer}/resourceType")


def _read(wanted: Input, text: str) -> Any:
    if wanted.type == "integer":
        if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
            raise BadParameter("The value must be an integer.", wanted.name)
        return int(text)
    if wanted.type == "boolean":
        if text not in ("true", "false"):
            raise BadParameter("The value must be true or false.", wanted.name)
        return text == "true"
    if wanted.type == "Reference":
        return {"reference": text}
    return text
