"""How values become payloads and back: pydantic's JSON, and in production sealed."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverterWithEncodedAttributes,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
)

from models.crypto.payload_keys import PayloadKey
from workflows.engine.codec import SealingCodec

JSON = PydanticJSONPlainPayloadConverter()
"""One for the whole process: it keeps what it has learned of each type, which takes milliseconds to learn."""


class ValueConverter(CompositePayloadConverter):
    """Temporal makes one for every process in memory; all of them share what they know of types."""

    def __init__(self) -> None:
        known = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(JSON if isinstance(one, JSONPlainPayloadConverter) else one for one in known))


PLAIN = DataConverter(payload_converter_class=ValueConverter)


def converter(keys: Sequence[PayloadKey] = ()) -> DataConverter:
    """How values become payloads; with keys they are sealed, and the words of failures with them."""
    if not keys:
        return PLAIN
    return dataclasses.replace(
        PLAIN,
        payload_codec=SealingCodec(keys),
        failure_converter_class=DefaultFailureConverterWithEncodedAttributes,
    )
