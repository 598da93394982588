"""Says in two languages what pydantic found, with the name that was probably meant."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from labapp.model.text import Text
from labapp.profiles.yaml_reader import Loc

# What YAML 1.1 took for true and false, and people still write.
_OLD_BOOLEANS = frozenset(["on", "off", "yes", "no", "y", "n"])
_BOUNDS = {
    "greater_than": ("ge", ">"),
    "greater_than_equal": ("ge", "≥"),
    "less_than": ("le", "<"),
    "less_than_equal": ("le", "≤"),
}
_KINDS: dict[str, Text] = {
    "int_type": Text("一个整数", "a whole number"),
    "int_parsing": Text("一个整数", "a whole number"),
    "int_from_float": Text("一个整数", "a whole number"),
    "float_type": Text("一个数", "a number"),
    "bool_type": Text("true 或 false", "true or false"),
    "string_type": Text("一段文字", "text"),
    "list_type": Text("一个列表", "a list"),
    "tuple_type": Text("一个列表", "a list"),
    "set_type": Text("一个列表", "a list"),
    "dict_type": Text("若干“名称: 值”", "keys with values"),
    "model_type": Text("若干“名称: 值”", "keys with values"),
    "model_attributes_type": Text("若干“名称: 值”", "keys with values"),
    "none_required": Text("空", "nothing"),
}


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing that is wrong at ``loc``, with a stable code; ``at_key`` points to the key."""

    code: str
    loc: Loc
    text: Text
    at_key: bool = False


def mistakes_error(mistakes: Sequence[Mistake]) -> PydanticCustomError:
    """Return what a validator raises to report several mistakes; locations are below its own."""
    summary = "; ".join(m.text.en.replace("{", "{{").replace("}", "}}") for m in mistakes)
    return PydanticCustomError("mistakes", summary, {"mistakes": tuple(mistakes)})


def mistake_error(code: str, text: Text) -> PydanticCustomError:
    """Return what a validator raises to report one mistake at its own location."""
    return mistakes_error([Mistake(code, (), text)])


def did_you_mean(name: str, known: Iterable[str]) -> Text:
    """Return `` Did you mean x?`` in both languages, or nothing where no name is close."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    if not close:
        return Text("", "")
    return Text(f"是不是想写 {close[0]}？", f" Did you mean {close[0]}?")


def explain(error: ValidationError, model: type[BaseModel]) -> list[Mistake]:
    """Return every mistake that a validation of ``model`` found."""
    found: list[Mistake] = []
    for details in error.errors(include_url=False):
        found.extend(_explain_one(details, model))
    return found


def _explain_one(details: ErrorDetails, model: type[BaseModel]) -> list[Mistake]:
    loc = tuple(details["loc"])
    context = details.get("ctx", {})
    match details["type"]:
        case "mistakes":
            below: Sequence[Mistake] = context["mistakes"]
            return [Mistake(m.code, (*loc, *m.loc), m.text, m.at_key) for m in below]
        case "extra_forbidden":
            return [Mistake("P000", loc, _unknown_key(loc, model), at_key=True)]
        case "missing":
            return [_missing(loc)]
        case kind if kind in _KINDS:
            return [Mistake("P004", loc, _wrong_kind(kind, details["input"]))]
        case kind if kind in _BOUNDS:
            return [Mistake("P005", loc, _out_of_bounds(kind, context, details["input"]))]
        case "literal_error" | "enum":
            return [Mistake("P006", loc, _not_one_of(str(context["expected"]), details["input"]))]
        case "string_pattern_mismatch":
            return [Mistake("P007", loc, _wrong_form(str(context["pattern"]), details["input"]))]
        case "too_short" | "too_long" | "string_too_short" | "string_too_long":
            return [Mistake("P005", loc, _wrong_length(details["type"], context))]
    text = Text(f"这里不对：{details['msg']}。", f"{details['msg']}.")
    return [Mistake("P004", loc, text)]


def _unknown_key(loc: Loc, model: type[BaseModel]) -> Text:
    key = str(loc[-1])
    hint = did_you_mean(key, keys_at(model, loc[:-1]))
    return Text(f"没有叫 {key} 的字段。{hint.zh}", f"There is no key {key}.{hint.en}")


def _missing(loc: Loc) -> Mistake:
    key = str(loc[-1])
    if key in ("zh", "en"):
        names = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}[key]
        text = Text(f"缺{names.zh}（{key}）。", f"The {names.en} text ({key}) is missing.")
        return Mistake("P002", loc, text)
    return Mistake("P003", loc, Text(f"缺 {key}。", f"{key} is missing."))


def _wrong_kind(kind: str, given: Any) -> Text:
    wanted = _KINDS[kind]
    shown = show(given)
    if kind == "bool_type" and isinstance(given, str) and given.lower() in _OLD_BOOLEANS:
        return Text(
            f"这里是文字 {shown}；写 true 或 false。",
            f"{shown} is text here; write true or false.",
        )
    if isinstance(given, str) and ":" in given and given.replace(":", "").isdigit():
        return Text(
            f"{shown} 是文字，不是数；这里要{wanted.zh}，换算成一个单位再写。",
            f"{shown} is text, not a number; this needs {wanted.en} in one unit.",
        )
    if kind == "string_type" and isinstance(given, int | float):
        return Text(
            f"这里要文字；给 {shown} 加上引号。",
            f"This needs text; put {shown} in quotes.",
        )
    return Text(f"这里要{wanted.zh}，写的是 {shown}。", f"This needs {wanted.en}, not {shown}.")


def _out_of_bounds(kind: str, context: Mapping[str, Any], given: Any) -> Text:
    sign = _BOUNDS[kind][1]
    limit = next(context[name] for name in ("gt", "ge", "lt", "le") if name in context)
    return Text(
        f"{show(given)} 超出限制；要 {sign} {limit}。",
        f"{show(given)} is outside the limit {sign} {limit}.",
    )


def _not_one_of(expected: str, given: Any) -> Text:
    options = expected.replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(str(given), options)
    listed = ", ".join(options)
    return Text(
        f"{show(given)} 不在可选值之内（{listed}）。{hint.zh}",
        f"{show(given)} is not one of {listed}.{hint.en}",
    )


def _wrong_form(pattern: str, given: Any) -> Text:
    return Text(
        f"{show(given)} 的写法不合 {pattern}。", f"{show(given)} does not have the form {pattern}."
    )


def _wrong_length(kind: str, context: Mapping[str, Any]) -> Text:
    if kind.endswith("short"):
        least = context.get("min_length")
        return Text(f"太短；至少要 {least} 个。", f"Too short; at least {least} needed.")
    most = context.get("max_length")
    return Text(f"太长；最多 {most} 个。", f"Too long; at most {most} allowed.")


def show(given: Any) -> str:
    """Return a value as a person wrote it, short enough for a sentence."""
    if isinstance(given, bool) or given is None:
        return {True: "true", False: "false", None: "null"}[given]
    if isinstance(given, dict):
        return "{…}"
    if isinstance(given, list | tuple):
        return "[…]"
    text = str(given)
    return text if len(text) <= 40 else text[:39] + "…"


def keys_at(model: type[BaseModel], loc: Loc) -> set[str]:
    """Return the keys that the model knows at a location; several where it is a choice."""
    here: list[Any] = [model]
    for step in loc:
        there = [inner for kind in here for inner in _step(kind, step)]
        here = there or here  # steps that name a branch of a choice are not in the document
    return {key for kind in here for part in _models(kind) for key in _fields(part)}


def _fields(model: type[BaseModel]) -> dict[str, Any]:
    return {f.alias or name: f.annotation for name, f in model.model_fields.items()}


def _models(kind: Any) -> list[type[BaseModel]]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [kind]
    if _is_choice(kind) or typing.get_origin(kind) is typing.Annotated:
        return [m for inner in typing.get_args(kind) for m in _models(inner)]
    return []


def _is_choice(kind: Any) -> bool:
    return typing.get_origin(kind) in (typing.Union, types.UnionType)


def _step(kind: Any, step: str | int) -> list[Any]:
    """Return what stands one step below a type."""
    if isinstance(kind, typing.TypeAliasType if hasattr(typing, "TypeAliasType") else ()):
        return _step(kind.__value__, step)
    origin, args = typing.get_origin(kind), typing.get_args(kind)
    if _is_choice(kind) or origin is typing.Annotated:
        return [found for inner in args for found in _step(inner, step)]
    if origin in (list, tuple, set, frozenset, Sequence) and isinstance(step, int):
        return [inner for inner in args if inner is not Ellipsis]
    if origin in (dict, Mapping):
        return [args[1]]
    return [_fields(m)[str(step)] for m in _models(kind) if str(step) in _fields(m)]
