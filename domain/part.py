"""The base of everything that a pack's YAML describes: frozen, and strict about unknown keys."""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints


class Part(BaseModel):
    """A value read from a pack."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
"""A name for machines: it travels in a button and stays the same when the Chinese words change."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""What people read or type: never empty."""


class Sourced(Part):
    """A number from a regulation or from practice says what it rests on; unverified ones are listed for compliance."""

    effective_from: date
    source: Words
    verified: bool = False
