"""The default reading's rule in other engines, for histories of which some facts are missing.

Each rule is written as its engine would have one write it, by someone who expects to be told
everything. The history comes laid out as the engine wants it; what is missing has no key, or is
None. JSON Logic sees one record at a time inside of `some`, and OpenFisca has no lists in lists, so
both get one row for each message with each subscription (and OpenFisca, each permission).
"""

from __future__ import annotations

from functools import partial
from itertools import product

import rule_engine
import zen
from json_logic import jsonLogic
from openfisca_core.entities import build_entity
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable
from peers import RULE_ENGINE, ZEN

from eligibility.rules import PREMIUM_PLANS, UPDATE_DAY_BEGINS

# ---- plain Python ------------------------------------------------------------------------------


def plain_python(history):
    return any(
        m["inmail"]
        and m["shared"]
        and m["shared_at"] < UPDATE_DAY_BEGINS
        and any(
            p["plan"] in PREMIUM_PLANS and p["start"] <= m["shared_at"] <= p["end"]
            for p in history["premium"]
        )
        and not any(c["start"] <= m["shared_at"] <= c["end"] for c in history["permissions"])
        for m in history["messages"]
    )


# ---- JSON Logic --------------------------------------------------------------------------------


def _pairs(history):
    """One row for each message with each subscription, each with its permissions."""
    for message, subscription in product(history["messages"], history["premium"]):
        at = {key: message[key] for key in ("shared_at",) if key in message}
        yield message | subscription | {"permissions": [c | at for c in history["permissions"]]}


def _during(at, start, end):
    start_to_end = [{"<=": [{"var": start}, {"var": at}]}, {"<=": [{"var": at}, {"var": end}]}]
    return {"and": start_to_end}


_FITS = {
    "and": [
        {"var": "inmail"},
        {"var": "shared"},
        {"<": [{"var": "shared_at"}, UPDATE_DAY_BEGINS]},
        {"in": [{"var": "plan"}, sorted(PREMIUM_PLANS)]},
        _during("shared_at", "start", "end"),
        {"!": {"some": [{"var": "permissions"}, _during("shared_at", "start", "end")]}},
    ]
}
_KEYS = ["inmail", "shared", "plan", "start", "end"]
#: What was not shared has no time of sharing: nothing is missing there.
_LACKS = {
    "if": [{"var": "shared"}, {"missing": [*_KEYS, "shared_at"]}, {"missing": _KEYS}],
}
_JSON_LOGIC = {"some": [{"var": "pairs"}, _FITS]}
_GUARDED = {
    "if": [
        {
            "some": [
                {"var": "pairs"},
                {
                    "or": [
                        _LACKS,
                        {"some": [{"var": "permissions"}, {"missing": ["start", "end"]}]},
                    ]
                },
            ]
        },
        None,
        _JSON_LOGIC,
    ]
}


def json_logic(history):
    return jsonLogic(_JSON_LOGIC, {"pairs": list(_pairs(history))})


def json_logic_guarded(history):
    """With the operator that JSON Logic has for it: null if anything is missing."""
    return jsonLogic(_GUARDED, {"pairs": list(_pairs(history))})


# ---- OpenFisca ---------------------------------------------------------------------------------

_ROW = build_entity(key="row", plural="rows", label="A row", is_person=True)
_ROLE = {"key": "member", "plural": "members", "label": "Members"}
_PAIR = build_entity(key="pair", plural="pairs", label="A pair", roles=[_ROLE])
_ACCOUNT = build_entity(key="account", plural="accounts", label="An account", roles=[_ROLE])


def _variable(name, of, entity=_ROW, formula=None, default=None):
    """A variable of the system; what has no default of ours has the engine's: no, or 0."""
    told = {"value_type": of, "entity": entity, "definition_period": DateUnit.YEAR}
    if default is not None:
        told["default_value"] = default
    if formula:
        told["formula"] = formula
    return type(name, (Variable,), told)


def _permits(row, period):
    at = row("shared_at", period)
    begun = row("permission_start", period) <= at
    return row("is_permission", period) * begun * (at <= row("permission_end", period))


def _permitted(pair, period):
    return pair.any(pair.members("permits", period))


def _fits(row, period):
    at = row("shared_at", period)
    during = (row("start", period) <= at) * (at <= row("end", period))
    message = row("inmail", period) * row("shared", period) * (at < row("update", period))
    return message * row("counts", period) * during * ~row.pair("permitted", period)


def _eligible(account, period):
    return account.any(account.members("fits", period))


def _system(defaults):
    system = TaxBenefitSystem([_ROW, _PAIR, _ACCOUNT])
    for name in ("inmail", "shared", "counts", "is_permission"):
        system.add_variable(_variable(name, bool))
    for name in ("shared_at", "start", "end", "permission_start", "permission_end", "update"):
        system.add_variable(_variable(name, int, default=defaults.get(name)))
    system.add_variable(_variable("permits", bool, formula=_permits))
    system.add_variable(_variable("permitted", bool, _PAIR, _permitted))
    system.add_variable(_variable("fits", bool, formula=_fits))
    system.add_variable(_variable("eligible", bool, _ACCOUNT, _eligible))
    return system


_YEAR = "2024"  # formulas need a period; nothing depends on it
_LATE = 2**30
_SYSTEM = _system({})
#: What a model's author can choose: what is not told speaks against the member.
_STRICT = _system({"shared_at": _LATE, "start": _LATE, "permission_end": _LATE})


def _rows(history):
    """The rows of each pair. Instants are ranks: the engine's integers have 32 bits."""
    nothing = [{}]
    spans = [*history["premium"], *history["permissions"]]
    told = {s.get(key) for s in spans for key in ("start", "end")}
    told |= {m.get("shared_at") for m in history["messages"]} | {UPDATE_DAY_BEGINS}
    rank = {at: number for number, at in enumerate(sorted(told - {None}), 1)}
    for m, p in product(history["messages"] or nothing, history["premium"] or nothing):
        pair = {key: m.get(key) for key in ("inmail", "shared")}
        pair |= {"shared_at": rank.get(m.get("shared_at")), "update": rank[UPDATE_DAY_BEGINS]}
        pair |= {key: rank.get(p.get(key)) for key in ("start", "end")}
        pair["counts"] = p["plan"] in PREMIUM_PLANS if p.get("plan") else None
        rows = [
            pair
            | {"is_permission": c is not None}
            | {f"permission_{key}": rank.get((c or {}).get(key)) for key in ("start", "end")}
            for c in history["permissions"] or [None]
        ]
        yield [{key: v for key, v in row.items() if v is not None} for row in rows]


def _openfisca(system, history):
    pairs = {f"pair {n}": rows for n, rows in enumerate(_rows(history))}
    names = {name: [f"{name} row {n}" for n in range(len(rows))] for name, rows in pairs.items()}
    rows = {
        row: {key: {_YEAR: value} for key, value in told.items()}
        for name, members in names.items()
        for row, told in zip(members, pairs[name], strict=True)
    }
    situation = {
        "rows": rows,
        "pairs": {name: {"members": members} for name, members in names.items()},
        "accounts": {"account": {"members": list(rows)}},
    }
    simulation = SimulationBuilder().build_from_entities(system, situation)
    return bool(simulation.calculate("eligible", _YEAR)[0])


# ---- zen-engine and rule-engine, and all of them -----------------------------------------------

_ZEN_RULE = zen.compile_expression(ZEN)
_RULE = rule_engine.Rule(RULE_ENGINE)

#: An engine, how a missing fact is given to it, whether as None, and its rule.
ENGINES = [
    ("plain Python", "no key", False, plain_python),
    ("plain Python", "`None`", True, plain_python),
    ("zen-engine", "no key", False, _ZEN_RULE.evaluate),
    ("zen-engine", "`null`", True, _ZEN_RULE.evaluate),
    ("rule-engine", "no key", False, _RULE.matches),
    ("rule-engine", "`None`", True, _RULE.matches),
    ("json-logic-qubit", "no key", False, json_logic),
    ("json-logic-qubit", "`null`", True, json_logic),
    ("json-logic-qubit", "no key, guarded by `missing`", False, json_logic_guarded),
    ("OpenFisca-Core", "not set: the engine's defaults", False, partial(_openfisca, _SYSTEM)),
    ("OpenFisca-Core", "not set: strict defaults", False, partial(_openfisca, _STRICT)),
]
