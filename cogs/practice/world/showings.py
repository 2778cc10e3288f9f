"""One line of what a person was shown: the transcript, and what ``not_sees`` looks through."""

from dataclasses import dataclass

from cogs.practice.jsontypes import Json, JsonList


@dataclass(frozen=True, slots=True)
class Showing:
    """Something appeared, changed or went away on one person's screen."""

    at: str
    to: int
    channel_id: int
    where: str
    kind: str
    text: str
    embeds: JsonList
    components: JsonList
    files: list[str]
    searchable: str
    before: str
    by_person: bool

    def as_json(self) -> Json:
        """Return the line of the transcript."""
        return {
            "at": self.at,
            "to": str(self.to),
            "where": self.where,
            "kind": self.kind,
            "text": self.text,
            "embeds": self.embeds,
            "components": self.components,
            "files": self.files,
        }
