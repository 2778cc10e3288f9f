"""The tree of errors, on one page.

Every error that a person may meet carries a key of a text in ``data/texts`` and the values for its placeholders, so
that each reader gets a sentence in their own language. No user sees a traceback, or silence.
"""

from __future__ import annotations


class KlaswachtError(Exception):
    """Base of all errors of this program.

    Parameters
    ----------
    key: the key of a text in ``data/texts``, e.g. ``"error.finding.gone"``.
    values: what fills the text's placeholders; never the contents of a pupil's message.
    """

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values: dict[str, str] = {name: str(value) for name, value in values.items()}

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value}" for name, value in self.values.items())
        return f"{self.key} ({told})" if told else self.key


class SetupError(KlaswachtError):
    """Settings, a school file or a data file can't be used; the program does not start."""


class SchoolFileError(SetupError):
    """The school file is wrong; ``values`` name the line and the reason."""


class ProtocolFileError(SetupError):
    """A protocol file is wrong; ``values`` name the file, the line and the reason."""


class StorageError(KlaswachtError):
    """The database can't be used as it is (newer, damaged, full, locked, no key)."""


class NotAllowedError(KlaswachtError):
    """This person may not do this; said in words, never by silence."""


class NotFoundError(KlaswachtError):
    """The thing that a button or command names does not exist (any more), or belongs to another school."""


class TakenError(KlaswachtError):
    """Somebody else was first; ``values["who"]`` says who."""


class WrongStateError(KlaswachtError):
    """The thing exists, but this can't be done with it now; the text says what can."""


class InputError(KlaswachtError):
    """What was filled in can't be used (empty, too long, no date); nothing is lost and the text says what to do."""


class DeliveryRefusedError(KlaswachtError):
    """The platform refuses to deliver (closed DMs, missing access); another road must be taken."""


class DeliveryFailedError(KlaswachtError):
    """The platform could not deliver just now; try again later."""
