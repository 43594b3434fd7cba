"""The steps of a JSON Pointer (RFC 6901)."""


def escaped(name: str) -> str:
    """Return a name as a step of a JSON Pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def unescaped(step: str) -> str:
    """Return the name that a step of a JSON Pointer stands for."""
    return step.replace("~1", "/").replace("~0", "~")
