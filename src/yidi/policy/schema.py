"""The JSON Schema of packs, made from the models and the words of the language: editors complete and validate by it.

Draft 7, which every editor knows. The schema holds what can be told from one file alone; dates, regions, diseases,
sources and what packs must hold together are told by `yidi policy check`.
"""

import json
from functools import lru_cache
from typing import Any, get_args, get_origin

from pydantic import BaseModel, TypeAdapter

from yidi.policy.forms import CodeText, DayText, PercentText, WrittenDateText, YuanText
from yidi.policy.language import Form, forms, kinds_of_pack
from yidi.policy.lookup import matter_of
from yidi.values import terms
from yidi.values.terms import Level, Standing, Term

Schema = dict[str, Any]


def _spelling(spelt: Any) -> Schema:
    schema: Schema = TypeAdapter(spelt).json_schema()
    return schema


VALUES: dict[str, tuple[Any, str, str]] = {
    "Percent": (PercentText, "百分数", "写成 65%，在 0% 与 100% 之间，至多四位小数"),
    "Yuan": (YuanText, "金额", "元，不为负，至多两位小数"),
    "Day": (DayText, "日期", "写成 2025-03-20"),
    "WrittenDate": (WrittenDateText, "日期", "来源写到日、月或年，就写 2025-03-20、2025-03 或 2025"),
    "Code": (CodeText, "区划代码", "六位医保区划代码；CN 为全国"),
}
"""How plain values are spelt: the spelling, a title and a description."""

_NUMBERS: dict[str, Schema] = {
    "Yuan": {"anyOf": [{"type": "number", "minimum": 0}, _spelling(YuanText)["anyOf"][1]]}
}
"""An editor reads `12.5` as a number; the loader reads it as text, so that no decimal is lost."""

BRANCHES = tuple(str(word) for word in (*Standing, *Level))


def _one_of(*keys: str) -> Schema:
    return {"oneOf": [{"required": [key]} for key in keys]}


def _if(key: str, value: Any, then: Schema, otherwise: Schema | None = None) -> Schema:
    told: Schema = {"if": {"properties": {key: {"const": value}}, "required": [key]}, "then": then}
    return told | ({"else": otherwise} if otherwise else {})


_SOME_BRANCH: Schema = {"anyOf": [{"required": [key]} for key in BRANCHES]}
_CONDITIONS = {
    "anyOf": [
        {"required": [key]} for key in ("standing", "level", "age_from", "age_to", "trait", "stay_from")
    ]
}
_AN_AMOUNT: Schema = {
    "oneOf": [{"required": ["yuan"]}, {"required": ["between"]}, _SOME_BRANCH],
    "dependencies": {"part": ["yuan"]},
}

CONSTRAINTS: dict[str, list[Schema]] = {
    "SourceDoc": [{"anyOf": [{"required": [key]} for key in ("clause", "quote", "facts")]}],
    "InForce": [_if("from", "unknown", {"required": ["seen"]})],
    "AmountTable": [_AN_AMOUNT],
    "RatioTable": [_SOME_BRANCH],
    "DeductibleDoc": [
        _AN_AMOUNT,
        {"not": {"required": ["between"]}},
        _if("per", "year", {"not": {"anyOf": [{"required": ["top"]}, {"required": ["repeat"]}]}}),
    ],
    "RepeatDoc": [
        _one_of("times", "less", "amounts"),
        {"dependencies": {"less": ["floor"], "floor": ["less"]}},
    ],
    "DeductibleWhere": [_one_of("to", "less", "times"), _CONDITIONS],
    "ShareDoc": [
        {"oneOf": [{"required": ["bands"]}, {"required": ["as"]}, _SOME_BRANCH]},
        {"dependencies": {"bands": ["per", "position"], "per": ["bands"], "position": ["bands"]}},
    ],
    "ShareWhere": [_one_of("to", "plus", "minus", "person_times"), _CONDITIONS],
    "CeilingDoc": [
        _AN_AMOUNT,
        {"if": {"required": ["category"]}, "then": {"properties": {"per": {"const": "visit"}}}},
    ],
    "CeilingWhere": [_one_of("to", "plus", "times"), _CONDITIONS],
    "BenefitStatement": [
        _if("list", "part", {"required": ["diseases"], "properties": {"diseases": {"minProperties": 1}}})
    ],
    "StackingDoc": [_if("how", "add", {"required": ["yuan"]}, {"not": {"required": ["yuan"]}})],
    "EnrolmentDoc": [
        {"properties": {key: {"pattern": "^[01][0-9]-[0-3][0-9]$"} for key in ("opens", "closes")}}
    ],
    "AdjustmentDoc": [
        _if("mode", "none", {"not": {"required": ["ratio"]}}, {"required": ["ratio"]}),
        _if("mode", "upfront", {"required": ["order"]}, {"not": {"required": ["order"]}}),
    ],
}
"""What a form asks of its keys together, beyond each by itself."""

_ADOPTABLE = _if(
    "adopted", True, {"properties": {"source": {"properties": {"grade": {"enum": ["A", "B", "S"]}}}}}
)


@lru_cache(maxsize=1)
def pack_schema() -> Schema:
    """One schema for all kinds of pack: `benefit` says which form the rest must have."""
    made = _Maker({form.model.__name__: form for form in forms()})
    kinds = kinds_of_pack()
    names = {kind.__name__: _benefits(kind) for kind in kinds}
    every = [name for benefits in names.values() for name in benefits]
    for kind in kinds:
        made.add(kind)
    heads = made.definitions["Pack"]["properties"]
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "医保待遇规则包",
        "description": "一个文件 = 一个统筹区 × 一个险种 × 一项待遇或事项。写法见 docs/policy-language.md。",
        "type": "object",
        "required": ["pool", "scheme", "benefit", "rules"],
        "properties": {
            "pool": heads["pool"],
            "scheme": heads["scheme"],
            "benefit": {
                "description": heads["benefit"]["description"],
                "enum": every,
                "enumDescriptions": [matter_of(name).zh for name in every],
            },
            "rules": {"type": "array", "description": heads["rules"]["description"]},
            "examples": {"type": "array", "description": heads["examples"]["description"]},
        },
        "allOf": [
            {
                "if": {"properties": {"benefit": {"enum": benefits}}, "required": ["benefit"]},
                "then": {"$ref": f"#/definitions/{name}"},
            }
            for name, benefits in names.items()
        ],
        "definitions": dict(sorted(made.definitions.items())),
    }


def schema_text() -> str:
    """The schema as its file has it."""
    return json.dumps(pack_schema(), ensure_ascii=False, indent=1) + "\n"


def _benefits(kind: type[Any]) -> list[str]:
    annotation: Any = kind.model_fields["benefit"].annotation
    schema = TypeAdapter(annotation).json_schema()
    return [str(schema["const"])] if "const" in schema else [str(name) for name in schema["enum"]]


class _Maker:
    """Makes definitions: pydantic's, said in Chinese, in draft 7, and with what the models check besides."""

    def __init__(self, words: dict[str, Form]) -> None:
        self.words = words
        self.values = {_key(_spelling(spelt)): name for name, (spelt, _, _) in VALUES.items()}
        self.definitions: dict[str, Schema] = {
            name: {**_spelling(spelt), **_NUMBERS.get(name, {}), "title": title, "description": says}
            for name, (spelt, title, says) in VALUES.items()
        }

    def add(self, model: type[Any]) -> None:
        """Add a model and everything it speaks of."""
        raw = TypeAdapter(model).json_schema(by_alias=True, mode="validation")
        inner = raw.pop("$defs", {})
        for name, schema in {**inner, model.__name__: raw}.items():
            if name in self.words and name not in self.definitions:
                self.definitions[name] = self._form(self.words[name], schema)
            elif name not in self.words:
                self.definitions[name] = _enumeration(name, schema)

    def _form(self, form: Form, schema: Schema) -> Schema:
        told: Schema = {
            "title": form.zh,
            "description": form.says,
            "type": "object",
            "properties": {
                key: self._value(value, _key_words(form.model, key)) | {"description": form.keys[key]}
                for key, value in schema["properties"].items()
            },
            "additionalProperties": False,
        }
        if schema.get("required"):
            told["required"] = schema["required"]
        asked = CONSTRAINTS.get(form.model.__name__, [])
        if "in_force" in schema["properties"]:
            asked = [*asked, _ADOPTABLE]
        return told | ({"allOf": asked} if asked else {})

    def _value(self, value: Any, keys: dict[str, str] | None = None) -> Schema:
        """A value as draft 7 has it: plain values by their names, nothing that may be left out spelt as null."""
        if "$ref" in value:
            return {"$ref": value["$ref"].replace("#/$defs/", "#/definitions/")}
        found = {key: item for key, item in value.items() if key not in ("title", "default")}
        for choice in ("anyOf", "oneOf"):
            if choice in found:
                options = [item for item in found.pop(choice) if item != {"type": "null"}]
                return self._choice([self._named(item) for item in _flat(options)], options)
        return self._named(found, keys)

    def _choice(self, told: list[Schema], options: list[Schema]) -> Schema:
        whole = self.values.get(_key({"anyOf": options}))
        if whole:
            return {"$ref": f"#/definitions/{whole}"}
        # Spelt-out parts of a plain value's own choice stand together again under its name.
        for key, name in self.values.items():
            parts = json.loads(key).get("anyOf", [])
            if parts and all(part in told for part in parts):
                told = [item for item in told if item not in parts] + [{"$ref": f"#/definitions/{name}"}]
        return told[0] if len(told) == 1 else {"anyOf": told}

    def _named(self, value: Schema, keys: dict[str, str] | None = None) -> Schema:
        name = self.values.get(_key(value))
        if name:
            return {"$ref": f"#/definitions/{name}"}
        if "$ref" in value or {"anyOf", "oneOf"} & value.keys():
            return self._value(value)
        found = {key: item for key, item in value.items() if key not in ("title", "default")}
        if "prefixItems" in found:
            found["items"] = found.pop("prefixItems")[0]
        if "items" in found and isinstance(found["items"], dict):
            found["items"] = self._value(found["items"])
        if isinstance(found.get("additionalProperties"), dict):
            return self._mapping(found, keys or {})
        return found

    def _mapping(self, found: Schema, keys: dict[str, str]) -> Schema:
        """A table of values by key; where the keys are words of a list they are spelt out, so that they complete."""
        value = self._value(found["additionalProperties"])
        if not keys:
            return {"type": "object", "additionalProperties": value}
        properties = {key: value | ({"description": name} if name else {}) for key, name in keys.items()}
        return {"type": "object", "properties": properties, "additionalProperties": False}


def _key(schema: Schema) -> str:
    bare = {key: value for key, value in schema.items() if key not in ("title", "default", "description")}
    return json.dumps(bare, sort_keys=True)


def _flat(options: list[Schema]) -> list[Schema]:
    """Choices within a choice are one choice."""
    found: list[Schema] = []
    for option in options:
        nested = next((option[name] for name in ("anyOf", "oneOf") if name in option), None)
        found += _flat(nested) if nested else [option]
    return found


def _enumeration(name: str, schema: Schema) -> Schema:
    """A closed list of words with the name of each."""
    term = _term(name)
    told: Schema = {"enum": schema.get("enum", [schema.get("const")])}
    if term is not None:
        told["enumDescriptions"] = [term(word).zh for word in told["enum"]]
    return told


def _term(name: str) -> type[Term] | None:
    found = getattr(terms, name, None)
    return found if isinstance(found, type) and issubclass(found, Term) else None


def _key_words(model: type[BaseModel], key: str) -> dict[str, str]:
    """The words that the keys of a table may be, with what each is called; none where they are free."""
    annotations = {field.alias or name: field.annotation for name, field in model.model_fields.items()}
    if get_origin(annotations[key]) is not dict:
        return {}
    keys = get_args(annotations[key])[0]
    found: dict[str, str] = {}
    for option in get_args(keys) or (keys,):
        if isinstance(option, type) and issubclass(option, Term):
            found |= {str(word): word.zh for word in option}
        elif isinstance(option, str):
            found[option] = ""
    return found
