"""The envelope: published vectors open; whatever is not exactly right is bad or forged, and nothing else."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.envelope import MAX_BYTES, Envelope, ForgedEnvelope, Signed, ciphertext, signed
from bot.inner_message import BadEnvelope, read_message
from simulator import crypto
from tests.bot.gate import APP, click, envelope, layout, padded, query, raw, sealed, text

VECTORS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[1] / "simulator" / "data" / "vectors.json").read_text()
)
each_vector = pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["name"][:2])
OURS = Envelope(APP.token, APP.aes_key, APP.corp_id)


def of(vector: dict[str, Any]) -> Envelope:
    return Envelope(vector["token"], vector["encoding_aes_key"], vector["receive_id"])


def ticket(vector: dict[str, Any], **changes: str) -> Signed:
    fields = {name: vector[name] for name in ("msg_signature", "timestamp", "nonce", "encrypt")} | changes
    return signed(fields, fields["encrypt"])


def test_all_published_vectors_are_here() -> None:
    assert {vector["name"][:2] for vector in VECTORS} >= {"V1", "V2", "V3", "V5", "V7", "G1", "G2"}


@each_vector
def test_a_published_vector_opens(vector: dict[str, Any]) -> None:
    assert of(vector).open(ticket(vector)).decode() == vector["plaintext"]


@each_vector
def test_another_corporation_is_refused(vector: dict[str, Any]) -> None:
    stranger = Envelope(vector["token"], vector["encoding_aes_key"], vector["receive_id"] + "x")
    with pytest.raises(ForgedEnvelope):
        stranger.open(ticket(vector))


@each_vector
@pytest.mark.parametrize("field", ["msg_signature", "timestamp", "nonce", "encrypt"])
def test_a_changed_field_is_refused(vector: dict[str, Any], field: str) -> None:
    last = {"msg_signature": "0123456789abcdef"}.get(field, "0123456789")
    value = vector[field]
    place = len(value) - 1 if field != "encrypt" else 10
    other = next(letter for letter in last if letter != value[place])
    with pytest.raises(ForgedEnvelope):
        of(vector).open(ticket(vector, **{field: value[:place] + other + value[place + 1 :]}))


def test_what_the_published_messages_mean() -> None:
    by_name = {vector["name"][:2]: vector for vector in VECTORS}
    said = read_message(by_name["V1"]["plaintext"].encode(), by_name["V1"]["encrypt"])
    assert (said.key, said.person, said.content) == (
        "msg:4561255354251345929",
        "mycreate",
        {"kind": "said", "text": "hello"},
    )
    clicked = read_message(by_name["G1"]["plaintext"].encode(), by_name["G1"]["encrypt"])
    assert clicked.content == {
        "kind": "clicked",
        "verb": "visit_done",
        "revision": -1,
        "task_id": "task-0001@rm",
        "response_code": "RC_EXAMPLE",
        "answers": {"q_result": ["opt_yes"]},
    }
    no_event = read_message(by_name["V7"]["plaintext"].encode(), by_name["V7"]["encrypt"])
    assert no_event.key.startswith("event:")
    with pytest.raises(BadEnvelope):
        read_message(by_name["G2"]["plaintext"].encode(), by_name["G2"]["encrypt"])


# --- parameters ---------------------------------------------------------------------------------------------------

GOOD = sealed(text())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("msg_signature", ""),
        ("msg_signature", "0" * 39),
        ("msg_signature", "0" * 41),
        ("msg_signature", "A" * 40),
        ("msg_signature", "é" * 40),
        ("msg_signature", "0" * 40 + "\n"),
        ("timestamp", ""),
        ("timestamp", "170000000"),
        ("timestamp", "17000000000"),
        ("timestamp", "-170000000"),
        ("timestamp", "17000000.0"),
        ("timestamp", "１７００００００００"),
        ("timestamp", "1700000000\n"),
        ("nonce", ""),
        ("nonce", "a" * 65),
        ("nonce", "a b"),
        ("nonce", "a\x00"),
        ("nonce", "张"),
    ],
)
def test_a_parameter_of_the_wrong_form_is_bad(name: str, value: str) -> None:
    with pytest.raises(BadEnvelope):
        signed(query(GOOD) | {name: value}, GOOD)


@pytest.mark.parametrize(
    "encrypt",
    [
        "",
        "=",
        "====",
        "a",
        "ab",
        "abc",
        GOOD[:-1],
        GOOD + "\n",
        " " + GOOD[1:],
        GOOD[:9] + "-" + GOOD[10:],
        GOOD[:9] + "*" + GOOD[10:],
        GOOD[:8] + "张" * 4 + GOOD[12:],
        "=" * 4 + GOOD,
    ],
)
def test_a_ciphertext_that_is_no_base64_is_bad(encrypt: str) -> None:
    with pytest.raises(BadEnvelope):
        OURS.open(signed(query(encrypt), encrypt))


# --- the outer XML ------------------------------------------------------------------------------------------------

LAUGHS = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
        b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
    ) + b"]><xml><Encrypt>&j;</Encrypt></xml>"
)  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"\x00",
        b"hello",
        b'{"Encrypt": "x"}',
        b"<xml>",
        b"<xml><Encrypt>QUJD</Encrypt>",
        b"<xml><Encrypt>QUJD</Encrypt></xml>x",
        b"<xml/>",
        b"<xml>text</xml>",
        b"<xml><Encrypt/></xml><xml/>",
        b"<a><Encrypt>QUJD</Encrypt></a>",
        b"<Encrypt>QUJD</Encrypt>",
        b"<xml><encrypt>QUJD</encrypt></xml>",
        b"<xml><Encrypt>QUJD</Encrypt><Encrypt>QUJD</Encrypt></xml>",
        b"<xml><Encrypt a='1'>QUJD</Encrypt></xml>",
        b"<xml a='1'><Encrypt>QUJD</Encrypt></xml>",
        b"<xml><Encrypt><b>QUJD</b></Encrypt></xml>",
        b"<xml><a><Encrypt>QUJD</Encrypt></a></xml>",
        b"<xml>" + b"<a>" * 10_000,
        b"<xml><Encrypt>&undefined;</Encrypt></xml>",
        b"<xml><Encrypt>\xff\xfe</Encrypt></xml>",
        b"<?xml version='1.0' encoding='gbk'?><xml><Encrypt>\xd5\xc5</Encrypt></xml>",
        b"<?xml version='1.0' encoding='nonsense'?><xml><Encrypt>\xd5</Encrypt></xml>",
        "<xml><Encrypt>QUJD</Encrypt></xml>".encode("utf-16"),
        b"<!DOCTYPE x SYSTEM 'http://127.0.0.1:1/x'><xml><Encrypt>QUJD</Encrypt></xml>",
        b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><xml><Encrypt>&a;</Encrypt></xml>",
        b"<!DOCTYPE x [<!ENTITY % a 'b'> %a;]><xml><Encrypt>QUJD</Encrypt></xml>",
        b"<?php x?><xml><Encrypt>QUJD</Encrypt></xml>",
        LAUGHS,
    ],
)
def test_a_body_that_is_no_envelope_is_bad(body: bytes) -> None:
    with pytest.raises(BadEnvelope):
        signed(query("QUJD"), ciphertext(body))


@pytest.mark.parametrize(
    "body",
    [
        envelope("QUJD"),
        b"<xml><Encrypt><![CDATA[QUJD]]></Encrypt><AgentID>1</AgentID></xml>",
        b"<?xml version='1.0' encoding='UTF-8'?>\n<xml>\n<Encrypt>QUJD</Encrypt>\n</xml>\n",
        b"<xml><!-- a comment --><Encrypt>QU<![CDATA[JD]]></Encrypt></xml>",
    ],
)
def test_the_forms_an_envelope_may_have(body: bytes) -> None:
    assert ciphertext(body) == "QUJD"


# --- the ciphertext -----------------------------------------------------------------------------------------------

MESSAGE = text().encode()


@pytest.mark.parametrize(
    ("plain", "error"),
    [
        (padded(layout(MESSAGE, "ww-another")), ForgedEnvelope),
        (padded(layout(MESSAGE, "")), ForgedEnvelope),
        (padded(layout(MESSAGE, APP.corp_id + "\x00")), ForgedEnvelope),
        (padded(layout(MESSAGE, length=0)), ForgedEnvelope),
        (padded(layout(MESSAGE, length=len(MESSAGE) - 1)), ForgedEnvelope),
        (padded(layout(MESSAGE, length=len(MESSAGE) + 1)), ForgedEnvelope),
        (padded(layout(MESSAGE, length=len(MESSAGE) + 10_000)), BadEnvelope),
        (padded(layout(MESSAGE, length=0xFFFFFFFF)), BadEnvelope),
        (layout(MESSAGE)[: len(layout(MESSAGE)) // 16 * 16], BadEnvelope),
        (b"\x00" * 64, BadEnvelope),
        (b"\x21" * 64, BadEnvelope),
        (b"\xff" * 32, BadEnvelope),
        (padded(layout(MESSAGE))[:-1] + b"\x20", BadEnvelope),
        (padded(layout(MESSAGE))[:-2] + b"\x00" + padded(layout(MESSAGE))[-1:], BadEnvelope),
        (b"\x10" * 16, BadEnvelope),
        (b"\x20" * 32, BadEnvelope),
        (padded(b"r" * 16), BadEnvelope),
        (padded(b"r" * 19), BadEnvelope),
    ],
)
def test_a_plaintext_of_the_wrong_layout_is_refused(plain: bytes, error: type[Exception]) -> None:
    encrypt = raw(plain if len(plain) % 16 == 0 else plain[: len(plain) // 16 * 16])
    with pytest.raises(error):
        OURS.open(signed(query(encrypt), encrypt))


def test_a_ciphertext_short_of_a_block_is_refused() -> None:
    import base64

    whole = base64.b64decode(GOOD)
    for size in (0, 1, 15, 17, 31, len(whole) - 1):
        encrypt = base64.b64encode(whole[:size]).decode() or "AAAA"
        with pytest.raises(BadEnvelope):
            OURS.open(signed(query(encrypt), encrypt))
    encrypt = base64.b64encode(whole[:-16]).decode()
    with pytest.raises((BadEnvelope, ForgedEnvelope)):
        OURS.open(signed(query(encrypt), encrypt))


@pytest.mark.parametrize("pad", range(1, 33))
def test_every_padding_up_to_32_is_read(pad: int) -> None:
    message = b"m" * ((-(len(layout(b"")) + pad)) % 32)
    plain = layout(message)
    assert len(padded(plain)) - len(plain) == pad
    encrypt = raw(padded(plain))
    assert OURS.open(signed(query(encrypt), encrypt)) == message


# --- the message --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plain",
    [
        b"",
        b"\xff",
        b"not xml",
        b"<xml>",
        b"<xml/>",
        b"<xml>text</xml>",
        b"<a><MsgType>text</MsgType><FromUserName>a</FromUserName></a>",
        b"<xml><FromUserName>a</FromUserName></xml>",
        b"<xml><MsgType>text</MsgType><MsgId>1</MsgId></xml>",
        b"<xml><MsgType/><FromUserName>a</FromUserName></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName/><MsgId>1</MsgId></xml>",
        b"<xml><MsgType>text</MsgType><MsgType>text</MsgType><FromUserName>a</FromUserName></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName>a</FromUserName><FromUserName>b</FromUserName></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName>a</FromUserName><Content><b>1</b></Content><MsgId>1</MsgId></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName>a</FromUserName><Content>1</Content><Content>2</Content></xml>",
        b"<xml><MsgType>text</MsgType><FromUserName>a</FromUserName><MsgId>1</MsgId><MsgId>2</MsgId></xml>",
        b"<xml><MsgType>event</MsgType><FromUserName>a</FromUserName></xml>",
        b"<xml><MsgType>event</MsgType><FromUserName>a</FromUserName><Event><x/></Event></xml>",
        b"<xml><MsgType>location</MsgType><FromUserName>a</FromUserName><MsgId>1</MsgId></xml>",
        b"<xml><MsgType>location</MsgType><FromUserName>a</FromUserName><MsgId>1</MsgId>"
        b"<Location_X>91</Location_X><Location_Y>0</Location_Y></xml>",
        b"<xml><MsgType>location</MsgType><FromUserName>a</FromUserName><MsgId>1</MsgId>"
        b"<Location_X>nan</Location_X><Location_Y>0</Location_Y></xml>",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><MsgType>text</MsgType><FromUserName>&a;</FromUserName></xml>",
        b"<xml>" + b"<a>" * 3_000 + b"</a>" * 3_000 + b"</xml>",
        click(
            SelectedItems="<SelectedItem><QuestionKey>q</QuestionKey><OptionIds>x</OptionIds></SelectedItem>"
        ).encode(),
        click(SelectedItems="words").encode(),
        click(
            SelectedItems="<SelectedItem><QuestionKey>q</QuestionKey>"
            "<OptionIds><OptionId><b/></OptionId></OptionIds></SelectedItem>"
        ).encode(),
        click(TaskId="<a/>").encode(),
    ],
)
def test_a_plaintext_that_is_no_message_is_bad(plain: bytes) -> None:
    with pytest.raises(BadEnvelope):
        read_message(plain, "QUJD")


def _message(kind: str, **fields: str) -> str:
    inner = "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    return f"<xml><FromUserName>RM01</FromUserName><CreateTime>1</CreateTime><MsgType>{kind}</MsgType>{inner}</xml>"


@pytest.mark.parametrize(
    ("plain", "content"),
    [
        (_message("text", Content="查 王秀兰", MsgId="7"), {"kind": "said", "text": "查 王秀兰"}),
        (_message("text", Content="", MsgId="7"), {"kind": "said", "text": ""}),
        (_message("image", MediaId="m1", PicUrl="http://x", MsgId="7"), {"kind": "picture", "media_id": "m1"}),
        (
            _message("location", Location_X="31.2", Location_Y="121.4", Label="外滩", MsgId="7"),
            {"kind": "place", "place": {"lat": 31.2, "lng": 121.4, "label": "外滩"}},
        ),
        (_message("voice", MediaId="m1", MsgId="7"), {"kind": "unreadable", "text": "voice"}),
        (_message("video", MediaId="m1", MsgId="7"), {"kind": "unreadable", "text": "video"}),
        (_message("link", Title="t", MsgId="7"), {"kind": "unreadable", "text": "link"}),
        (_message("something-new", MsgId="7"), {"kind": "unreadable", "text": "something-new"}),
        (_message("event", Event="click", EventKey="query"), {"kind": "menu", "verb": "query"}),
        (_message("event", Event="CLICK", EventKey="query"), {"kind": "menu", "verb": "query"}),
        (_message("event", Event="enter_agent"), {"kind": "entered"}),
        (_message("event", Event="subscribe"), {"kind": "joined"}),
        (_message("event", Event="unsubscribe"), {"kind": "left"}),
        (_message("event", Event="LOCATION", Latitude="1"), {"kind": "ignored", "text": "location"}),
        (_message("event", Event="something_new"), {"kind": "ignored", "text": "something_new"}),
    ],
)
def test_what_messages_mean(plain: str, content: dict[str, Any]) -> None:
    opened = read_message(plain.encode(), "QUJD")
    assert opened.content == content
    assert opened.person == "rm01"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"ChangeType": "delete_user"}, "left"),
        ({"ChangeType": "update_user", "Status": "2"}, "left"),
        ({"ChangeType": "update_user", "Status": "5"}, "left"),
        ({"ChangeType": "update_user", "Status": "1"}, "ignored"),
        ({"ChangeType": "create_user"}, "ignored"),
    ],
)
def test_a_change_in_the_contacts_is_about_the_member_it_names(change: dict[str, str], kind: str) -> None:
    opened = read_message(_message("event", Event="change_contact", UserID="RM09", **change).encode(), "QUJD")
    assert (opened.person, opened.content["kind"]) == ("rm09", kind)


@pytest.mark.parametrize(
    ("key", "verb", "revision"),
    [
        ("visit.3", "visit", 3),
        ("visit.done.12", "visit.done", 12),
        ("visit", "visit", -1),
        ("visit.", "visit.", -1),
        ("visit.x", "visit.x", -1),
        ("visit.１", "visit.１", -1),
        ("visit.-1", "visit.-1", -1),
        ("visit.9999999999", "visit.9999999999", -1),
        ("", "", -1),
    ],
)
def test_the_verb_and_revision_of_a_button(key: str, verb: str, revision: int) -> None:
    content = read_message(click(EventKey=key).encode(), "QUJD").content
    assert (content["verb"], content["revision"]) == (verb, revision)


def test_answers_of_one_and_of_several_questions() -> None:
    one = "<SelectedItem><QuestionKey>a</QuestionKey><OptionIds><OptionId>1</OptionId></OptionIds></SelectedItem>"
    two = (
        "<SelectedItem><QuestionKey>b</QuestionKey>"
        "<OptionIds><OptionId>1</OptionId><OptionId>2</OptionId></OptionIds></SelectedItem>"
    )
    none = "<SelectedItem><QuestionKey>c</QuestionKey><OptionIds></OptionIds></SelectedItem>"
    assert read_message(click(SelectedItems=one).encode(), "Q").content["answers"] == {"a": ["1"]}
    assert read_message(click(SelectedItems=one + two + none).encode(), "Q").content["answers"] == {
        "a": ["1"],
        "b": ["1", "2"],
        "c": [],
    }


# --- identity -----------------------------------------------------------------------------------------------------


def key_of(plain: str, encrypt: str = "QUJD") -> str:
    return read_message(plain.encode(), encrypt).key


def test_a_message_is_known_by_its_number() -> None:
    assert key_of(text(number=7)) == key_of(text("other words", number=7)) != key_of(text(number=8))


def test_a_message_without_a_number_is_known_by_what_it_says() -> None:
    empty = _message("text", Content="a", MsgId="")
    assert key_of(empty) == key_of(empty) != key_of(_message("text", Content="b", MsgId=""))


@pytest.mark.parametrize("field", ["FromUserName", "CreateTime", "Event", "EventKey", "TaskId", "ResponseCode"])
def test_two_clicks_within_a_second_are_two(field: str) -> None:
    event = "template_card_menu_event" if field == "Event" else "9"
    assert key_of(click(**{field: event})) != key_of(click())


def test_the_same_event_encrypted_anew_is_one() -> None:
    first, again = sealed(click()), sealed(click())
    assert first != again
    one, two = read_message(click().encode(), first), read_message(click().encode(), again)
    assert one.key == two.key
    assert one.cipher_key != two.cipher_key


def test_the_cap_leaves_room_for_every_real_message() -> None:
    longest = text("长" * 2048)
    assert len(envelope(crypto.encrypt(longest.encode(), APP.aes_key, APP.corp_id))) < MAX_BYTES
