"""The schema of what readers of an older version get once the codes they do not know are replaced.

`read = opened(old) accepts all that image(new, old) accepts` is a proof about codes and kept
elements alike: opening takes care of names that are left out, the image of codes that change.
"""

from collections.abc import Callable, Mapping
from typing import Any

from app.model.element import Schema
from app.model.lens.gap import Gap, Gaps
from app.model.lens.says import Says
from app.model.lens.showing import same
from app.model.pattern import matches
from app.model.pointer import unescaped

WORDS = frozenset({"x-extensible", "x-fallback"})
OF_STRINGS = frozenset({"pattern", "format", "minLength", "maxLength"})
OF_LISTS = frozenset({"minItems", "minContains", "maxItems", "maxContains", "uniqueItems"})
COUNTING = frozenset({"oneOf", "unevaluatedProperties", "unevaluatedItems"})
"""Words that count which of the schemas beside them hold: the image cannot keep the count."""
Making = Callable[[Says, Gap | None], Says]
BROUGHT_TOGETHER = frozenset({"if", "then", "else"})


class _Unknown(Exception):
    """What holds for sure cannot be said in a schema."""


def image(new: Schema, old: Schema) -> Schema:
    """Return a bundled schema that takes every resource of `new` with its codes replaced for `old`.

    A code that `old` does not know at the same place becomes its fallback. Where a schema decides
    by such a code (`if`, `not`, `oneOf`, lengths) the image takes more rather than less, so that
    a proof about it is never wrong. `x-fallback` and `x-extensible` are used up.
    """
    return _Image(new, old).whole()


class _Image:
    """One image; the definitions of `new` are made anew for each place they are used at."""

    def __init__(self, new: Schema, old: Schema) -> None:
        self._new = new
        self._all = Gaps(old, new, {})
        self._gaps = Gaps(old, new, {}, self._counts)
        self._names: dict[tuple[str, Gap, bool], str] = {}
        self._made: dict[str, Says] = {}

    def whole(self) -> Schema:
        gap = self._gaps.whole()
        root = {name: each for name, each in self._new.items() if name != "$defs"}
        found = root if gap is None else self._most(root, gap)
        kept = self._new.get("$defs", {})
        defs = {**kept, **self._made}
        whole = found if isinstance(found, Mapping) else {"allOf": [found]}
        cleared: Schema = _without_words({**whole, "$defs": defs} if defs else whole)
        return cleared

    def _counts(self, gap: Gap) -> bool:
        """Whether codes are replaced here, or entries may come to be equal and be shown once."""
        return bool(gap.codes) or self._may_shrink(gap)

    def _may_shrink(self, gap: Gap) -> bool:
        if not gap.older.is_unique:
            return False
        return self._all.between(gap.older.entries, gap.newer.entries) is not None

    def _most(self, says: Says, gap: Gap | None) -> Says:
        """Return what takes the image of everything that `says` takes, and perhaps more."""
        return self._of(says, gap, is_most=True)

    def _least(self, says: Says, gap: Gap | None) -> Says:
        """Return what takes only images of which every origin is taken by `says`."""
        try:
            return self._of(says, gap, is_most=False)
        except _Unknown:
            return False

    def _of(self, says: Says, gap: Gap | None, *, is_most: bool) -> Says:
        if gap is None or isinstance(says, bool):
            return says
        found: dict[str, Any] = {}
        for word, value in says.items():
            if word not in BROUGHT_TOGETHER:
                _put(found, self._word(word, value, says, gap, is_most=is_most))
        if "if" in says:
            _put(found, {"allOf": self._conditional(says, gap, is_most=is_most)})
        return found

    def _word(
        self, word: str, value: Any, says: Schema, gap: Gap, *, is_most: bool
    ) -> Mapping[str, Any]:
        """Return what becomes of one word; raise _Unknown where the least cannot be said."""
        of, against = self._both(is_most=is_most)
        if word in ("enum", "const") and gap.codes:
            listed = value if word == "enum" else [value]
            return {"enum": _codes(listed, gap.codes, is_most=is_most)}
        if word == "$ref":
            return {word: self._reference(value, gap, is_most=is_most)}
        if word in ("properties", "dependentSchemas"):
            at = gap.below if word == "properties" else lambda _: gap
            return {word: {name: of(each, at(name)) for name, each in value.items()}}
        if word in ("allOf", "anyOf", "prefixItems"):
            place = gap.entries if word == "prefixItems" else gap
            return {word: [of(each, place) for each in value]}
        if word in ("not", "items", "contains"):
            return {word: against(value, gap) if word == "not" else of(value, gap.entries)}
        return self._kept(word, value, says, gap, is_most=is_most)

    def _both(self, *, is_most: bool) -> tuple[Making, Making]:
        return (self._most, self._least) if is_most else (self._least, self._most)

    def _kept(
        self, word: str, value: Any, says: Schema, gap: Gap, *, is_most: bool
    ) -> Mapping[str, Any]:
        """Return a word as it is, or what is left of it where codes may have changed."""
        if not self._is_shaken(word, value, says, gap, is_most=is_most):
            return {word: value}
        if not is_most:
            raise _Unknown
        if word == "oneOf":
            return {"anyOf": [self._most(each, gap) for each in value]}
        return {word: min(value, 1)} if word in ("minItems", "minContains") else {}

    def _is_shaken(self, word: str, value: Any, says: Schema, gap: Gap, *, is_most: bool) -> bool:
        """Whether the word may say something else of the image than of the origin."""
        if word == "patternProperties":
            return not all(self._is_untouched(each, gap) for each in value)
        if word == "additionalProperties":
            return isinstance(value, Mapping) and not self._is_rest_untouched(says, gap)
        if word in OF_LISTS and (gap.entries or self._may_shrink(gap)):
            return _is_list_word_shaken(word, becomes_one=gap.older.is_unique, is_most=is_most)
        if word in ("enum", "const"):
            listed = value if word == "enum" else [value]
            return any(isinstance(each, dict | list) for each in listed)
        return word in COUNTING or (word in OF_STRINGS and bool(gap.codes))

    def _is_untouched(self, pattern: str, gap: Gap) -> bool:
        inner = self._gaps.between(gap.older.matching(pattern), gap.newer.matching(pattern))
        touched = (name for name, each in gap.places.items() if each)
        return inner is None and not any(matches(pattern, name) for name in touched)

    def _is_rest_untouched(self, says: Schema, gap: Gap) -> bool:
        inner = self._gaps.between(gap.older.rest, gap.newer.rest)
        touched = {name for name, each in gap.places.items() if each}
        return inner is None and touched <= {*says.get("properties", ())}

    def _conditional(self, says: Schema, gap: Gap, *, is_most: bool) -> list[Says]:
        """Return `if`, `then` and `else` as two unions: each side of it may take more or less."""
        of, against = self._both(is_most=is_most)
        test = says["if"]
        found: list[Says] = []
        if "then" in says:
            found.append({"anyOf": [{"not": against(test, gap)}, of(says["then"], gap)]})
        if "else" in says:
            found.append({"anyOf": [of(test, gap), of(says["else"], gap)]})
        return found

    def _reference(self, reference: str, gap: Gap, *, is_most: bool) -> str:
        """Return the name of a definition made for this place; it may lead to itself."""
        key = (reference, gap, is_most)
        if key not in self._names:
            name = f"{reference.rpartition('/')[2]}-image-{len(self._names)}"
            self._names[key] = name
            target: Any = self._new
            for step in reference.split("/")[1:]:
                target = target[unescaped(step)]
            if target is self._new:
                target = {each: value for each, value in self._new.items() if each != "$defs"}
            of = self._most if is_most else self._least
            self._made[name] = of(target, gap)
        return f"#/$defs/{self._names[key].replace('~', '~0').replace('/', '~1')}"


def _is_list_word_shaken(word: str, *, becomes_one: bool, is_most: bool) -> bool:
    """Whether a word on a list may say something else once codes in the list are replaced.

    `becomes_one`: entries that have come to be equal are shown once.
    """
    if word == "uniqueItems":
        return becomes_one is not is_most
    return word == "maxContains" or (becomes_one and is_most is (word != "maxItems"))


def _codes(listed: list[Any], codes: Mapping[str, str], *, is_most: bool) -> list[Any]:
    if is_most:
        found = [codes.get(each, each) if isinstance(each, str) else each for each in listed]
        return list({same(each): each for each in found}.values())
    lost = {later for code, later in codes.items() if code not in listed}
    kept = [each for each in listed if not isinstance(each, str) or each not in {*codes, *lost}]
    if not kept:
        raise _Unknown
    return kept


def _put(found: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Add words to a schema; what is there already under the same word holds as well."""
    for word, value in more.items():
        if word == "allOf":
            found[word] = [*found.get(word, ()), *value]
        elif word in found:
            found["allOf"] = [*found.get("allOf", ()), {word: value}]
        else:
            found[word] = value


def _without_words(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_words(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    return {name: _without_words(each) for name, each in value.items() if name not in WORDS}
