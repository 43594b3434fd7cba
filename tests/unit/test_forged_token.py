"""Every text that is not a token of ours is refused, and only ever by Unauthenticated."""

import pytest

from app.model.errors import Unauthenticated
from registrations import (
    AT,
    KEY,
    OTHER_KEY,
    URL,
    Clock,
    a_hub,
    claims,
    confused,
    encoded,
    pasted,
    signed,
    some_clients,
)

FORGED = {
    "signed by another key": signed(claims(), OTHER_KEY),
    "another key under our kid": signed(claims(), OTHER_KEY, kid=KEY.kid),
    "another kid": signed(claims(), kid="other"),
    "no kid": signed(claims(), kid=None),
    "kid of another type": pasted(claims(), kid=7),
    "alg none": pasted(claims(), alg="none"),
    "alg of another type": pasted(claims(), alg=["ES256"]),
    "HS256 with the public key": confused(claims()),
    "typ JWT": signed(claims(), typ="JWT"),
    "no typ": signed(claims(), typ=None),
    "an embedded key": signed(claims(), OTHER_KEY, jwk=OTHER_KEY.as_dict(private=False)),
    "an unknown crit": pasted(claims(), crit=["x"], x=1),
    "signature cut off": signed(claims()).rpartition(".")[0] + ".",
    "payload swapped": ".".join(
        [
            signed(claims()).split(".")[0],
            signed(claims(sub="x")).split(".")[1],
            signed(claims()).split(".")[2],
        ]
    ),
    "expired": signed(claims(iat=AT - 301, exp=AT - 1)),
    "expires now": signed(claims(exp=AT)),
    "expires too late": signed(claims(exp=AT + 3600)),
    "issued in the future": signed(claims(iat=AT + 400)),
    "another issuer": signed(claims(iss="https://evil.example")),
    "another audience": signed(claims(aud="https://evil.example")),
    "a list of audiences": signed(claims(aud=[URL])),
    "sub and client differ": signed(claims(client_id="state-staff")),
    "an unknown client": signed(claims(sub="nobody", client_id="nobody")),
    "an older client version": signed(claims(cv=0)),
    "a later client version": signed(claims(cv=2)),
    "deep payload": signed(b"[" * 5_000),
    "deep value": signed(b'{"iss":' + b"[" * 2_000 + b"]" * 2_000 + b"}"),
    "huge number": signed(b'{"exp":' + b"9" * 5000 + b"}"),
    "payload no object": signed(b"[1]"),
    "payload no JSON": signed(b"{"),
    "payload no UTF-8": signed(b"\xff\xfe"),
    "exp NaN": signed(claims(exp=float("nan"))),
    "exp infinite": signed(claims(exp=float("inf"))),
    "exp text": signed(claims(exp=str(AT + 300))),
    "exp true": signed(claims(exp=True)),
    "exp a fraction": signed(claims(exp=AT + 299.5)),
    "scope a list": signed(claims(scope=["system/*.rs"])),
    "sub a number": signed(claims(sub=1, client_id=1)),
    "sub an object": signed(claims(sub={"$ne": None}, client_id={"$ne": None})),
    "purpose a list": signed(claims(purpose=["referral"])),
    "cv true": signed(claims(cv=True)),
    **{f"without {name}": signed(claims(**{name: None})) for name in claims()},
    "nothing": "",
    "dots": "..",
    "five parts": "a.b.c.d.e",
    "not base64": "ü.ü.ü",
    "a lone surrogate": "\ud800.a.b",
    "our header and garbage": signed(claims()).split(".")[0] + ".ü.\ud800",
    "our header alone": signed(claims()).split(".")[0],
    "a deep header": encoded(b"[" * 100_000) + ".e30.e30",
}


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED.keys())
def test_a_token_we_did_not_issue_is_refused(token):
    tokens = a_hub(some_clients(), Clock())

    with pytest.raises(Unauthenticated):
        tokens.verify(token)


def test_a_well_made_token_is_accepted_so_that_the_forgeries_mean_something():
    assert a_hub(some_clients(), Clock()).verify(signed(claims())).id == "mdes"


def test_a_small_difference_between_clocks_is_borne():
    token = signed(claims(iat=AT + 25, exp=AT + 325))

    assert a_hub(some_clients(), Clock()).verify(token).id == "mdes"
