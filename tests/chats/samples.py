"""One export of each format, written by hand in its real shape: Jo asks "Grüße, wo ist es?", Anna answers "Es kommt."."""

from __future__ import annotations

from typing import Any

ASKED, ANSWERED = 1_704_103_200, 1_704_103_261
"""2024-01-01, 10:00:00 and 10:01:01 UTC."""
QUESTION, ANSWER = "Grüße, wo ist es?", "Es kommt."

SAMPLES: dict[str, tuple[str, Any]] = {
    "whatsapp": (
        "WhatsApp Chat with Jo.txt",
        f"31/12/2023, 10:00 - Jo: {QUESTION}\n31/12/2023, 10:01 - Anna: {ANSWER}\n",
    ),
    "telegram": (
        "result.json",
        {
            "name": "Jo",
            "type": "personal_chat",
            "id": 4711,
            "messages": [
                {
                    "id": 1,
                    "type": "message",
                    "date": "2024-01-01T11:00:00",
                    "date_unixtime": str(ASKED),
                    "from": "Jo",
                    "from_id": "user1",
                    "text": ["Grüße, ", {"type": "bold", "text": "wo"}, " ist es?"],
                },
                {
                    "id": 2,
                    "type": "message",
                    "date": "2024-01-01T11:01:01",
                    "date_unixtime": str(ANSWERED),
                    "from": "Anna",
                    "from_id": "user2",
                    "reply_to_message_id": 1,
                    "text": ANSWER,
                },
            ],
        },
    ),
    "messenger": (
        "message_1.json",
        {
            "participants": [{"name": "Jo"}, {"name": "Anna"}],
            "messages": [
                {"sender_name": "Anna", "timestamp_ms": ANSWERED * 1000, "content": ANSWER},
                {
                    "sender_name": "Jo",
                    "timestamp_ms": ASKED * 1000,
                    "content": QUESTION.encode().decode("latin-1"),
                },
            ],
            "title": "Jo",
            "thread_path": "inbox/jo_123",
        },
    ),
    "discord": (
        "help.json",
        {
            "guild": {"id": "1", "name": "Shop"},
            "channel": {"id": "9", "type": "GuildTextChat", "name": "help"},
            "messages": [
                {
                    "id": "11",
                    "type": "Default",
                    "timestamp": "2024-01-01T11:00:00.123+01:00",
                    "timestampEdited": None,
                    "content": QUESTION,
                    "author": {"id": "5", "name": "jo", "nickname": "Jo", "isBot": False},
                    "attachments": [],
                    "reference": None,
                },
                {
                    "id": "12",
                    "type": "Reply",
                    "timestamp": "2024-01-01T10:01:01+00:00",
                    "content": ANSWER,
                    "author": {"id": "6", "name": "anna", "nickname": "Anna", "isBot": False},
                    "attachments": [],
                    "reference": {"messageId": "11"},
                },
            ],
        },
    ),
    "signal": ("chat.md", f"[2023-12-31, 10:00] Jo: {QUESTION}\n[2023-12-31, 10:01] Anna: {ANSWER}\n"),
    "matrix": (
        "export.json",
        {
            "room_name": "Jo",
            "exported_by": "@anna:shop.example",
            "messages": [
                {
                    "type": "m.room.message",
                    "sender": "@jo:x.example",
                    "event_id": "$1",
                    "origin_server_ts": ASKED * 1000,
                    "content": {"msgtype": "m.text", "body": QUESTION},
                },
                {
                    "type": "m.room.message",
                    "sender": "@anna:shop.example",
                    "event_id": "$2",
                    "origin_server_ts": ANSWERED * 1000,
                    "content": {
                        "msgtype": "m.text",
                        "body": f"> <@jo:x.example> {QUESTION}\n\n{ANSWER}",
                        "m.relates_to": {"m.in_reply_to": {"event_id": "$1"}},
                    },
                },
            ],
        },
    ),
    "google-chat": (
        "messages.json",
        {
            "messages": [
                {
                    "creator": {"name": "Jo", "email": "jo@x.example", "user_type": "Human"},
                    "created_date": "Monday, January 1, 2024 at 10:00:00\u202fAM UTC",
                    "text": QUESTION,
                    "topic_id": "t",
                    "message_id": "d/t/1",
                },
                {
                    "creator": {"name": "Anna", "email": "anna@shop.example", "user_type": "Human"},
                    "created_date": "Montag, 1. Januar 2024 um 10:01:01 UTC",
                    "text": ANSWER,
                    "topic_id": "t",
                    "message_id": "d/t/2",
                },
            ]
        },
    ),
    "sms": (
        "sms.xml",
        '<?xml version="1.0" encoding="UTF-8"?>\n<smses count="2">\n'
        f'<sms address="+49 170 1234567" date="{ASKED}000" type="1" body="{QUESTION}" contact_name="Jo" />\n'
        f'<sms address="+49 170 1234567" date="{ANSWERED}000" type="2" body="{ANSWER}" contact_name="Jo" />\n</smses>\n',
    ),
    "tawk": (
        "tawk.json",
        {
            "event": "chat:transcript_created",
            "time": "2024-01-01T10:05:00Z",
            "property": {"id": "p", "name": "Shop"},
            "chat": {
                "id": "c1",
                "visitor": {"name": "Jo", "email": "jo@x.example", "city": "x", "country": "DE"},
                "messages": [
                    {
                        "sender": {"t": "v"},
                        "type": "msg",
                        "msg": QUESTION,
                        "time": "2024-01-01T10:00:00.000Z",
                    },
                    {
                        "sender": {"t": "a", "n": "Anna"},
                        "type": "msg",
                        "msg": ANSWER,
                        "time": "2024-01-01T10:01:01.000Z",
                    },
                ],
            },
        },
    ),
    "intercom": (
        "intercom.json",
        {
            "type": "conversation",
            "id": "1",
            "created_at": ASKED,
            "source": {
                "type": "conversation",
                "id": "s",
                "body": f"<p>{QUESTION}</p>",
                "author": {"type": "user", "email": "jo@x.example", "name": "Jo"},
            },
            "conversation_parts": {
                "type": "conversation_part.list",
                "conversation_parts": [
                    {
                        "id": "p1",
                        "part_type": "comment",
                        "body": f"<p>{ANSWER}</p>",
                        "created_at": ANSWERED,
                        "author": {"type": "admin", "name": "Anna", "email": "anna@shop.example"},
                    },
                    {
                        "id": "p2",
                        "part_type": "close",
                        "body": None,
                        "created_at": ANSWERED,
                        "author": {"type": "admin", "name": "Anna"},
                    },
                ],
            },
        },
    ),
    "zendesk-chat": (
        "zendesk.json",
        {
            "type": "chat",
            "id": "z1",
            "visitor": {"name": "Jo", "email": "jo@x.example", "phone": ""},
            "history": [
                {
                    "type": "chat.msg",
                    "sender_type": "Visitor",
                    "name": "Jo",
                    "msg": QUESTION,
                    "msg_id": "1",
                    "timestamp": "2024-01-01T10:00:00Z",
                },
                {
                    "type": "chat.msg",
                    "sender_type": "Agent",
                    "name": "Anna",
                    "msg": ANSWER,
                    "msg_id": "2",
                    "timestamp": "2024-01-01T10:01:01Z",
                },
            ],
        },
    ),
    "olark": (
        "olark.json",
        {
            "kind": "Conversation",
            "id": "O",
            "items": [
                {"kind": "MessageToOperator", "body": QUESTION, "timestamp": f"{ASKED}.25", "nickname": "Jo"},
                {"kind": "MessageToVisitor", "body": ANSWER, "timestamp": f"{ANSWERED}.5", "operatorId": "7"},
            ],
            "visitor": {"kind": "Visitor", "id": "v", "fullName": "Jo", "emailAddress": "jo@x.example"},
            "operators": {"7": {"nickname": "Anna"}},
        },
    ),
    "livechat": (
        "livechat.json",
        {
            "id": "L",
            "users": [
                {"id": "u1", "name": "Jo", "email": "jo@x.example", "type": "customer"},
                {"id": "anna@shop.example", "name": "Anna", "type": "agent"},
            ],
            "thread": {
                "id": "t",
                "events": [
                    {
                        "id": "e1",
                        "created_at": "2024-01-01T10:00:00.123456Z",
                        "type": "message",
                        "text": QUESTION,
                        "author_id": "u1",
                    },
                    {
                        "id": "e2",
                        "created_at": "2024-01-01T10:01:01.123456Z",
                        "type": "message",
                        "text": ANSWER,
                        "author_id": "anna@shop.example",
                    },
                ],
            },
        },
    ),
    "hubspot": (
        "hubspot.json",
        {
            "results": [
                {
                    "type": "MESSAGE",
                    "id": "m1",
                    "conversationsThreadId": "77",
                    "createdAt": "2024-01-01T10:00:00.1Z",
                    "direction": "INCOMING",
                    "senders": [
                        {
                            "actorId": "V-1",
                            "name": "Jo",
                            "deliveryIdentifier": {"type": "HS_EMAIL_ADDRESS", "value": "jo@x.example"},
                        }
                    ],
                    "text": QUESTION,
                },
                {
                    "type": "MESSAGE",
                    "id": "m2",
                    "conversationsThreadId": "77",
                    "createdAt": "2024-01-01T10:01:01Z",
                    "direction": "OUTGOING",
                    "senders": [{"actorId": "A-1", "name": "Anna"}],
                    "richText": f"<p>{ANSWER}</p>",
                },
            ]
        },
    ),
    "irc": (
        "shop.log",
        "--- Log opened Sun Dec 31 09:59:00 2023\n09:59 -!- Jo [~jo@x.example] has joined #shop\n"
        f"10:00 < Jo> {QUESTION}\n10:01 <@Anna> {ANSWER}\n",
    ),
    "jsonl": (
        "chats.jsonl",
        '{"at": "2024-01-01T10:00:00Z", "author": "Jo", "role": "customer", '
        f'"text": "{QUESTION}", "id": "1", "chat": "c"}}\n'
        f'{{"at": "2024-01-01T10:01:01Z", "author": "Anna", "role": "agent", "text": "{ANSWER}", "id": "2", "chat": "c"}}\n',
    ),
    "csv": (
        "chat.csv",
        f'Date;From;Message\n31.12.2023 10:00;Jo;"{QUESTION}"\n31.12.2023 10:01;Anna;{ANSWER}\n',
    ),
}
"""Format -> the name of the file, and what is in it: a text, or what is written as JSON."""

SLACK: dict[str, Any] = {
    "users.json": [
        {
            "id": "U1",
            "name": "jo",
            "is_restricted": True,
            "profile": {"real_name": "Jo", "email": "jo@x.example"},
        },
        {"id": "U2", "name": "anna", "profile": {"display_name": "Anna"}},
    ],
    "channels.json": [{"id": "C1", "name": "help"}],
    "help/2024-01-01.json": [
        {
            "type": "message",
            "user": "U1",
            "text": QUESTION,
            "ts": f"{ASKED}.000100",
            "thread_ts": f"{ASKED}.000100",
        },
        {
            "type": "message",
            "user": "U2",
            "text": ANSWER,
            "ts": f"{ANSWERED}.000100",
            "thread_ts": f"{ASKED}.000100",
        },
        {
            "type": "message",
            "subtype": "channel_join",
            "user": "U2",
            "text": "<@U2> has joined",
            "ts": f"{ANSWERED + 1}.000100",
        },
    ],
}
