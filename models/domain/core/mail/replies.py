"""What a mail server's refusal means for a message: its address is dead, or the message waits (RFC 5321, RFC 3463)."""

from __future__ import annotations

import re
from enum import StrEnum


class SmtpStage(StrEnum):
    """How far the handing over of one mail had come when the server answered."""

    MAIL = "mail"
    RECIPIENT = "rcpt"
    DATA = "data"


PERMANENT = range(500, 600)
NULL_MX = 556
"""RFC 7504: the recipient's domain has said that it takes no mail."""
_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_AT_THE_START = re.compile(rf"\s*{_ENHANCED.pattern}")
_IN_BRACKETS = re.compile(rf"\(#?{_ENHANCED.pattern}\)")
"""Where some servers write it instead: sorry, no mailbox here by that name. (#5.1.1)"""
_OF_THE_SENDER = frozenset({7, 8})
_OF_THE_WAY = 9
_NOBODY = re.compile(
    r"\b(no such|unknown|invalid|non-?existent|no) (local )?(user|recipient|mailbox|address|account|person|addressee)\b"
    r"|\b(user|recipient|mailbox|address|account|addressee)\b[^.]{0,40}"
    r"\b(unknown|not found|does not exist|doesn't exist|invalid|disabled)\b"
    r"|\bnobody (of|by|with) (this|that) name\b|\bno mailbox here by that name\b",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(
    r"relay|polic|spam|block|denie|access|auth|sender|client|reputation|temporar|quota|greylist|verif"
    r"|\b(spf|dkim|dmarc|dns|ip|host|full|size|disk|space|later|limit|rate|from)\b",
    re.IGNORECASE,
)
_QUOTED_ADDRESS = re.compile(r"<[^>]*>|[^\s<>]+@[^\s<>]+")


def enhanced_code(code: int, text: str) -> tuple[int, int, int] | None:
    """The enhanced status code of a reply (RFC 2034), where it has one that fits its three digits."""
    found = _AT_THE_START.match(text) or _IN_BRACKETS.search(text)
    if found is None or int(found[1]) != code // 100:
        return None
    return int(found[1]), int(found[2]), int(found[3])


def address_is_dead(stage: SmtpStage, code: int, text: str) -> bool:
    """Whether a reply speaks of the recipient, and for good. Everything else may be mended, so the mail waits.

    | reply                                                     | at         | dead |
    |-----------------------------------------------------------|------------|------|
    | 4xx                                                       | any        | no   |
    | 5xx 5.1.x (bad address), but 5.1.7 and 5.1.8 (the sender) | RCPT, DATA | yes  |
    | 5xx 5.2.1 (mailbox disabled)                              | RCPT, DATA | yes  |
    | 5xx with another enhanced code, such as 5.2.2 and 5.7.1   | any        | no   |
    | 556, without an enhanced code                             | RCPT       | yes  |
    | 550, 551, 553 whose words say that there is no such       | RCPT       | yes  |
    |   mailbox, and nothing of relays, policy, senders, space  |            |      |
    | 550, 551, 552, 553, 554 otherwise                         | any        | no   |
    | 500 to 504, 521, 530, 535, and any other                  | any        | no   |
    | whatever is said before the recipient was named           | MAIL       | no   |

    A 550 alone does not tell a dead mailbox from a blocked client (RFC 5321, 4.2.3: "not found, no access, or
    rejected for policy reasons"). A link that was wiped wrongly is lost; a mail that waits wrongly is seen by
    the operator. So the words decide, and where they don't, it waits.
    """
    if code not in PERMANENT or stage is SmtpStage.MAIL:
        return False
    enhanced = enhanced_code(code, text)
    if enhanced is not None:
        _, subject, detail = enhanced
        of_the_address = subject == 1 and detail not in _OF_THE_SENDER and detail != _OF_THE_WAY
        return of_the_address or (subject, detail) == (2, 1)
    if stage is not SmtpStage.RECIPIENT or _ENHANCED.search(text):
        return False
    words = _QUOTED_ADDRESS.sub("", text)
    named = code in (550, 551, 553) and _NOBODY.search(words) and not _SOMETHING_ELSE.search(words)
    return code == NULL_MX or bool(named)
