"""Claude, by the Messages interface of Anthropic: a conversation with tools it may use, within limits of time, tokens and rounds."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from dawsos.kernel.errors import Unavailable
from dawsos.providers.redaction import redact

if TYPE_CHECKING:
    import httpx2
    from anthropic import AsyncAnthropic
    from anthropic.types import Message

NAME: Final = "ANTHROPIC"
TITLE: Final = "Anthropic"
#: The tool the answer itself is given with, so that it has the form asked for.
ANSWER: Final = "answer"


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """Which model, and the most it may take: tokens in one reply, tokens of a whole conversation, seconds, attempts, rounds of tools."""

    model: str
    reply_tokens: int
    conversation_tokens: int
    seconds: float = 20.0
    retries: int = 2
    rounds: int = 4


@dataclass(frozen=True, slots=True)
class OfferedTool:
    """A tool the model may use: its name ([a-zA-Z0-9_-]), what it gives, and the JSON schema of its arguments."""

    name: str
    description: str
    arguments: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    """The arguments the answer was given with."""

    answer: Mapping[str, Any]
    tokens: int


UseTool = Callable[[str, Mapping[str, Any]], Awaitable[str]]


class Claude:
    """Holds conversations. The key stays here: it is in no message, no error and no log."""

    def __init__(self, key: str, limits: ModelLimits, transport: "httpx2.AsyncBaseTransport | None" = None) -> None:
        self.limits = limits
        self._key = key
        self._transport = transport
        self._client: AsyncAnthropic | None = None

    def converse(self, system: str, answer: Mapping[str, Any], tools: Sequence[OfferedTool], use: UseTool) -> "Conversation":
        """A conversation that is answered with arguments of the JSON schema ``answer``, and in which ``tools`` may be used."""
        return Conversation(self, system, answer, tuple(tools), use)

    def client(self) -> "AsyncAnthropic":
        """The client, made when it is first needed: importing it takes seconds."""
        if self._client is None:
            import httpx2  # noqa: PLC0415 - as the docstring says
            from anthropic import AsyncAnthropic  # noqa: PLC0415

            http = None if self._transport is None else httpx2.AsyncClient(transport=self._transport)
            self._client = AsyncAnthropic(api_key=self._key, timeout=self.limits.seconds, max_retries=self.limits.retries, http_client=http)
        return self._client

    def failure(self, reason: str) -> Unavailable:
        """A refusal that names the reason and nothing secret."""
        return Unavailable(
            f"{TITLE} gave no answer: {redact(reason, [self._key])}.",
            remedy="Try again later; without it texts are written by rule.",
            code="provider_unavailable",
            details={"provider": NAME, "retryable": False},
        )


@dataclass(slots=True)
class Conversation:
    """One conversation. Asked again, it knows what was said before."""

    claude: Claude
    system: str
    answer: Mapping[str, Any]
    tools: tuple[OfferedTool, ...]
    use: UseTool
    tokens: int = 0
    _messages: list[dict[str, Any]] = field(default_factory=list)
    _open_answer: str | None = None

    async def ask(self, text: str) -> Reply:
        """The answer to ``text``, after the tools it uses have been used.

        Raises :class:`Unavailable` when the connection fails for good, the answer is cut short or refused, has not the form asked for,
        or would take more tokens or rounds than allowed.
        """
        content: list[dict[str, Any]] = [{"type": "text", "text": text}]
        if self._open_answer is not None:
            content.insert(0, {"type": "tool_result", "tool_use_id": self._open_answer, "content": "Not accepted.", "is_error": True})
            self._open_answer = None
        self._messages.append({"role": "user", "content": content})
        for left in range(self.claude.limits.rounds, -1, -1):
            message = await self._send(only_answer=left == 0)
            self._messages.append({"role": "assistant", "content": [_plain(block) for block in message.content]})
            uses = [block for block in message.content if block.type == "tool_use"]
            given = next((block for block in uses if block.name == ANSWER), None)
            if given is not None:
                self._open_answer = given.id
                return Reply(_arguments(given.input), self.tokens)
            if not uses:
                raise self.claude.failure(f"it ended without an answer ({message.stop_reason})")
            self._messages.append({"role": "user", "content": [await self._used(block) for block in uses]})
        raise self.claude.failure("it used tools more often than it may")

    async def _used(self, block: Any) -> dict[str, Any]:
        if block.name not in {tool.name for tool in self.tools}:
            return {"type": "tool_result", "tool_use_id": block.id, "content": f"There is no tool {block.name}.", "is_error": True}
        return {"type": "tool_result", "tool_use_id": block.id, "content": await self.use(block.name, _arguments(block.input))}

    async def _send(self, *, only_answer: bool) -> "Message":
        import anthropic  # noqa: PLC0415 - see Claude.client

        limits = self.claude.limits
        # Four characters a token is the usual measure; what was really used counts as soon as it is known.
        expected = self.tokens + len(json.dumps(self._messages)) // 4 + limits.reply_tokens
        if expected > limits.conversation_tokens:
            raise self.claude.failure(f"it would take more than the {limits.conversation_tokens} tokens allowed")
        offers = [] if only_answer else [_offer(tool.name, tool.description, tool.arguments) for tool in self.tools]
        request: dict[str, Any] = {
            "model": limits.model,
            "max_tokens": limits.reply_tokens,
            "system": self.system,
            "messages": self._messages,
            "tools": [*offers, _offer(ANSWER, "Give the answer. Use this last, and only once.", self.answer)],
            "tool_choice": {"type": "tool", "name": ANSWER} if only_answer else {"type": "any"},
        }
        try:
            message: Message = await self.claude.client().messages.create(**request)
        except anthropic.APITimeoutError:
            raise self.claude.failure(f"it did not answer within {limits.seconds:g} seconds") from None
        except anthropic.APIStatusError as error:
            words = {401: "it does not accept the key", 403: "it does not accept the key", 429: "it was asked too often"}
            raise self.claude.failure(f"{words.get(error.status_code, 'it refused')} (status {error.status_code})") from None
        except anthropic.AnthropicError as error:
            raise self.claude.failure(f"the connection failed ({type(error).__name__})") from None
        self.tokens += message.usage.input_tokens + message.usage.output_tokens
        if message.stop_reason == "max_tokens":
            raise self.claude.failure("its answer was cut short")
        if message.stop_reason == "refusal":
            raise self.claude.failure("it declined")
        return message


def _offer(name: str, description: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": name, "description": description, "input_schema": dict(schema)}


def _plain(block: Any) -> dict[str, Any]:
    plain: dict[str, Any] = block.model_dump(mode="json", exclude_none=True)
    return plain


def _arguments(given: Any) -> Mapping[str, Any]:
    return given if isinstance(given, dict) else {}
