"""Time-based codes (RFC 6238) and recovery codes. 双因素.

The secret is encrypted at rest; a step's code counts once; recovery codes have 120 bits, so a plain hash is enough
(OWASP ASVS 5.0, 6.5.1, 6.5.2, 6.6).
"""

import hashlib
from base64 import b32encode
from datetime import datetime
from hmac import compare_digest
from secrets import token_bytes

import pyotp
from sqlalchemy import delete, func, select, update

from ..core.crypto import decrypt, encrypt
from ..core.db import db
from .models import RecoveryCode, User

PURPOSE = "totp"
STEP_SECONDS = 30
DRIFT = 1  # steps that a phone's clock may be off
RECOVERY_CODES = 10
RECOVERY_BYTES = 15
ISSUER = "校地协议登记"  # short, so that the picture stays coarse enough for every phone


def new_secret() -> str:
    """A secret of 160 bits in base32."""
    return pyotp.random_base32()


def address(secret: str, account: str) -> str:
    """The otpauth:// address that apps read from the QR code."""
    return pyotp.TOTP(secret, name=account, issuer=ISSUER).provisioning_uri()


def matching_step(secret: str, code: str, moment: datetime, after: int) -> int | None:
    """The time step whose code this is, later than the step `after`; None when there is none."""
    totp = pyotp.TOTP(secret)
    present = int(moment.timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > after and compare_digest(totp.generate_otp(step), plain(code)):
            return step
    return None


def use_code(user: User, code: str, moment: datetime) -> bool:
    """Whether the code is right and new; it is used up."""
    if user.totp_secret_encrypted is None:
        return False
    secret = decrypt(user.totp_secret_encrypted, PURPOSE).decode()
    step = matching_step(secret, code, moment, user.totp_last_step)
    if step is None:
        return False
    user.totp_last_step = step
    return True


def seal(secret: str) -> bytes:
    """The secret as it is stored."""
    return encrypt(secret.encode(), PURPOSE)


def renew_recovery_codes(user: User) -> list[str]:
    """Ten new codes, to be shown once; the former ones end."""
    db.session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_grouped(b32encode(token_bytes(RECOVERY_BYTES)).decode()) for _ in range(RECOVERY_CODES)]
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(code)) for code in codes)
    db.session.flush()
    return codes


def use_recovery_code(user: User, code: str, moment: datetime) -> bool:
    """Whether it is an unused code of this person; it is used up by a conditional update, so two cannot share it."""
    used = db.session.execute(
        update(RecoveryCode)
        .where(RecoveryCode.user_id == user.id, RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_(None))
        .values(used_at=moment)
        .returning(RecoveryCode.id)
    )
    return used.first() is not None


def unused_recovery_codes(user: User) -> int:
    """How many are left."""
    unused = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user.id, RecoveryCode.used_at.is_(None))
    return db.session.scalar(unused) or 0


def plain(code: str) -> str:
    """ASCII letters and digits of what was typed, without blanks and hyphens; full-width digits count."""
    digits = code.translate({0xFF10 + digit: str(digit) for digit in range(10)})
    return "".join(one for one in digits.upper() if one.isascii() and one.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(plain(code).encode()).hexdigest()


def _grouped(text: str) -> str:
    return "-".join(text[start : start + 6] for start in range(0, len(text), 6))
