"""9001 签到, 9002 签退 (interface §4.1)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from yidi.gateway import institutions
from yidi.gateway.calls import Call
from yidi.gateway.declarations import Transaction
from yidi.gateway.fields import moment, node, text
from yidi.gateway.nodes import Node, Request


class SignIn(Node):
    opter_no: Annotated[str, text("操作员编号", 20)]
    mac: Annotated[str, text("签到MAC地址", 20, doubt="一源标非必填")] = ""
    ip: Annotated[str, text("签到IP地址", 20)] = ""


class SignInRequest(Request):
    signIn: Annotated[SignIn, node("签到信息", "data")]


@dataclass(frozen=True, slots=True)
class SignedIn:
    sign_time: Annotated[datetime, moment("签到时间")]
    sign_no: Annotated[str, text("签到编号", 30)]


@dataclass(frozen=True, slots=True)
class SignInReply:
    signinoutb: Annotated[SignedIn, node("签到结果")]


class SignOut(Node):
    sign_no: Annotated[str, text("签到编号", 30)]
    opter_no: Annotated[str, text("操作员编号", 20, doubt="一源标非必填")] = ""


class SignOutRequest(Request):
    signOut: Annotated[SignOut, node("签退信息", "data")]


@dataclass(frozen=True, slots=True)
class SignedOut:
    sign_time: Annotated[datetime, moment("签退时间")]


@dataclass(frozen=True, slots=True)
class SignOutReply:
    signoutoutb: Annotated[SignedOut, node("签退结果")]


def sign_in(call: Call, request: SignInRequest) -> SignInReply:
    begun = institutions.sign_in(call.institution, request.signIn.opter_no, call.actor)
    return SignInReply(SignedIn(begun.at, begun.number))


def sign_out(call: Call, request: SignOutRequest) -> SignOutReply:
    given = request.signOut
    ended = institutions.sign_out(call.institution, given.sign_no, given.opter_no, call.actor)
    return SignOutReply(SignedOut(ended))


TRANSACTIONS = (
    Transaction(
        "9001", "签到", SignInRequest, SignInReply, sign_in, writes=True, of_person=False, section="§4.1"
    ),
    Transaction(
        "9002", "签退", SignOutRequest, SignOutReply, sign_out, writes=True, of_person=False, section="§4.1"
    ),
)
