"""The nearest two-valued rule in other engines: each is given every fact, as plain numbers.

zen-engine and rule-engine can say 'some one message that a subscription covers'. JSON Logic cannot:
inside of `some` it sees the one record alone, so that it asks for the plan and the message apart.
"""

import json

import rule_engine
import zen
from json_logic import jsonLogic

from eligibility.rules import PREMIUM_PLANS, UPDATE_DAY_BEGINS

_PLANS = "[" + ", ".join(f"'{plan}'" for plan in sorted(PREMIUM_PLANS)) + "]"
ZEN = (
    f"some(messages as m, m.inmail and m.shared and m.shared_at < {UPDATE_DAY_BEGINS}"
    f" and some(premium as p, p.plan in {_PLANS} and p.start <= m.shared_at"
    " and m.shared_at <= p.end)"
    " and not some(permissions as q, q.start <= m.shared_at and m.shared_at <= q.end))"
)
RULE_ENGINE = (
    f"[m for m in messages if m['inmail'] and m['shared'] and m['shared_at'] < {UPDATE_DAY_BEGINS}"
    f" and [p for p in premium if p['plan'] in {_PLANS} and p['start'] <= m['shared_at']"
    " and m['shared_at'] <= p['end']].length > 0"
    " and [q for q in permissions if q['start'] <= m['shared_at'] and m['shared_at'] <= q['end']]"
    ".length == 0].length > 0"
)
_JSON_LOGIC = {
    "and": [
        {"some": [{"var": "premium"}, {"in": [{"var": "plan"}, sorted(PREMIUM_PLANS)]}]},
        {
            "some": [
                {"var": "messages"},
                {
                    "and": [
                        {"var": "inmail"},
                        {"var": "shared"},
                        {"<": [{"var": "shared_at"}, UPDATE_DAY_BEGINS]},
                    ]
                },
            ]
        },
    ]
}


def _decision():
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {
            "id": "rule",
            "type": "expressionNode",
            "name": "rule",
            "content": {"expressions": [{"id": "1", "key": "eligible", "value": ZEN}]},
        },
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "a", "type": "edge", "sourceId": "in", "targetId": "rule"},
        {"id": "b", "type": "edge", "sourceId": "rule", "targetId": "out"},
    ]
    at = {"position": {"x": 0, "y": 0}}
    graph = {"nodes": [node | at for node in nodes], "edges": edges}
    return zen.ZenEngine().create_decision(json.dumps(graph))


_DECISION = _decision()
_EXPRESSION = zen.compile_expression(ZEN)
_RULE = rule_engine.Rule(RULE_ENGINE)

#: Each takes a plain history and says whether the account is in the class.
PEERS = {
    "zen-engine, compiled expression": _EXPRESSION.evaluate,
    "zen-engine, decision.evaluate": lambda data: _DECISION.evaluate(data)["result"]["eligible"],
    "json-logic-qubit": lambda data: jsonLogic(_JSON_LOGIC, data),
    "rule-engine": _RULE.matches,
}
