"""What schemathesis has to know of us: our scalars, the ids that there are, and what must not happen."""

import json
import os
import urllib.request

import schemathesis
from hypothesis import strategies as st
from schemathesis.graphql import nodes

LISTS = "communities buildings facilities units occupants staff teams tickets patrols findings spotChecks".split()


def ids():
    """The ids that the caller sees, so that what is made up gets past the first look-up."""
    found = []
    for name in LISTS:
        body = json.dumps({"query": f"{{ {name}(first: 5) {{ nodes {{ id }} }} }}"}).encode()
        headers = {"Content-Type": "application/json", "Authorization": os.environ["CONCIERGE_AUTHORIZATION"]}
        request = urllib.request.Request(os.environ["CONCIERGE_URL"], body, {k: v for k, v in headers.items() if v})
        try:
            answer = json.load(urllib.request.urlopen(request))
        except urllib.error.HTTPError:
            continue
        found += [node["id"] for node in ((answer.get("data") or {}).get(name) or {}).get("nodes", [])]
    return found


def scalar(name, *good):
    """Mostly what such a scalar should be, and sometimes any text."""
    schemathesis.graphql.scalar(name, st.one_of(*good, st.text()).map(nodes.String))


known = ids()
scalar("ID", st.uuids().map(lambda id: f"ticket:{id}"), *([st.sampled_from(known)] * 4 if known else []))
scalar("DateTime", st.datetimes().map(lambda time: time.isoformat() + "Z"))
scalar("Date", st.dates().map(str))
scalar("TimeOfDay", st.times().map(lambda time: time.strftime("%H:%M")))
scalar("PhoneNumber", st.integers(0, 10**10 - 1).map(lambda number: f"1{number:010}"))
# Files come in forms, which it does not send: a text in their place must be refused in order.
scalar("Upload")


@schemathesis.check
def is_no_fault_of_ours(ctx, response, case):
    """No 5xx, and no INTERNAL behind a 200. All else is an answer: most of what is made up must be refused."""
    if response.status_code >= 500 or '"INTERNAL"' in response.text:
        raise AssertionError(f"{response.status_code}: {response.text}")
