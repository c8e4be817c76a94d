"""An errand: everything that one attempt needs, read in the transaction, run outside of it. 发送."""

import http.client
import ssl
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import EmailMessage
from urllib.parse import parse_qsl

from ..core.config import Settings
from ..core.dates import now
from ..core.instance import settings
from ..core.masks import masked
from ..core.networks import ForbiddenAddress
from . import robots, smtp
from .answers import Answer
from .enums import Outcome, Via
from .http import Target, post, read_target
from .letters import Letter, language_of, many_mail, one_mail
from .models import Channel, Delivery, Message
from .queries import preference_of
from .secrets import ADDRESS, EMAIL, SECRET, reveal

SHORTEST_KEY = 12


@dataclass(frozen=True)
class MailErrand:
    """An e-mail to hand over."""

    mail: EmailMessage = field(repr=False)

    def run(self) -> Answer:
        """Hand it to the mail server; never raises for what that does."""
        return smtp.send(self.mail, settings()).without(str(self.mail["To"]))


@dataclass(frozen=True)
class PostErrand:
    """A letter to post. Address and secret never stand in its text form."""

    via: Via
    letter: Letter
    language: str
    target: Target = field(repr=False)
    secret: str = field(repr=False)

    def run(self) -> Answer:
        """Post it; never raises for what the network and the receiver do."""
        parcel = robots.pack(self.via, self.letter, self.language, self.secret, now())
        given = settings()
        target = self.target.with_query(parcel.query)
        try:
            context = smtp.trusting(given.outbound_roots)
            reply = post(target, parcel.body, parcel.headers, given.allowed_hosts, context)
        except ForbiddenAddress as error:
            return Answer(Outcome.REFUSED, words=str(error))
        except (OSError, http.client.HTTPException, ssl.SSLError, ValueError) as error:
            return Answer(Outcome.UNREACHABLE, words=masked(f"{type(error).__name__}: {error}")).without(
                self.secret, target.path, *_keys(target)
            )
        return robots.understand(self.via, reply).without(self.secret, *_keys(self.target))


Errand = MailErrand | PostErrand


def errand_of(deliveries: Sequence[Delivery]) -> Errand:
    """What to send, for deliveries to one receiver who was checked. Raises Undecipherable."""
    given, first = settings(), deliveries[0]
    if first.channel is not None:
        return _to_channel(first.channel, first.message, first.public_id, given)
    recipient, wish = first.message.recipient, preference_of(first.message.recipient_id)
    to = reveal(wish.email_encrypted if wish else None, EMAIL)
    letters = [letter_of(one.message, one.public_id, given) for one in deliveries]
    write = many_mail if first.bundle_on else one_mail
    subject, text = write(letters, language_of(recipient.language), given.public_url)
    return MailErrand(smtp.make_mail(to, subject, text, first.public_id, given))


def letter_of(message: Message, key: str, given: Settings, *, shared: bool = False) -> Letter:
    """The message as a letter; a person is led to their message, a group to the record itself."""
    place = f"/messages/{message.public_id}"
    if shared:
        place = f"/messages/to/{message.subject_kind}/{message.subject_public_id}" if message.has_subject else ""
    return Letter(
        key=key,
        topic=message.topic,
        title_zh=message.title_zh,
        title_en=message.title_en,
        body_zh=message.body_zh,
        body_en=message.body_en,
        address=f"{given.public_url}{place}" if place else "",
        created_at=message.created_at,
        subject_kind=message.subject_kind,
        subject_public_id=message.subject_public_id,
    )


def _to_channel(channel: Channel, message: Message, key: str, given: Settings) -> PostErrand:
    plain = given.demo or given.testing
    return PostErrand(
        channel.via,
        letter_of(message, key, given, shared=True),
        channel.language,
        read_target(reveal(channel.address_encrypted, ADDRESS), plain=plain),
        reveal(channel.secret_encrypted, SECRET),
    )


def _keys(target: Target) -> Iterator[str]:
    """What may be a key in an address: the values of its query, and long parts of its path."""
    path, _mark, query = target.path.partition("?")
    yield from (value for _name, value in parse_qsl(query))
    yield from (part for part in path.split("/") if len(part) >= SHORTEST_KEY)
