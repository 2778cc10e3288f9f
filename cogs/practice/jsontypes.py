"""Names for JSON as it travels over the wire: objects of which the shape belongs to Discord."""

from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
JsonList: TypeAlias = list[Json]
