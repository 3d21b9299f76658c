"""structlog for everything: our events and the libraries' lines end in one format, without document text.

Inside a request every line has `request_id` and, once it is known, `user` (an id); inside ingestion, `run`.
"""

import logging
import logging.config
from typing import Any

import structlog

# Where a request keeps who asks once somebody has looked: the API's own, then what a page's session gave.
_CALLERS = ("auth", "_cached_user", "_acached_user")


def with_caller(_logger: Any, _method: str, event: Any) -> Any:
    """Say of the bound request its id and who asks. Nobody is looked up for that: what is not known yet is left out."""
    request = event.pop("request", None)
    if request is None:
        return event
    event["request_id"] = getattr(request, "request_id", "")
    known = (getattr(getattr(request, name, None), "pk", None) for name in _CALLERS)
    user = next((key for key in known if key is not None), None)
    return event if user is None else {**event, "user": user}


_SHARED: list[Any] = [
    structlog.contextvars.merge_contextvars,
    with_caller,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.StackInfoRenderer(),
]


def configure_logs(*, level: str, json: bool) -> None:
    """Send every log line to standard error, as text or as one JSON object per line."""
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False) if json else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[*_SHARED, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    logging.config.dictConfig(_logging(level=level, renderer=renderer))


def _logging(*, level: str, renderer: Any) -> dict[str, Any]:
    formatter = {
        "()": structlog.stdlib.ProcessorFormatter,
        "foreign_pre_chain": _SHARED,
        "processors": [
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.processors.format_exc_info,
            renderer,
        ],
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"chain": formatter},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "chain"}},
        "root": {"handlers": ["stderr"], "level": level},
        # Their INFO lines name every request a library makes; nothing an operator acts on.
        "loggers": {
            name: {"level": "WARNING"}
            for name in ("httpx", "httpcore", "openai", "sentence_transformers", "kombu", "celery.worker", "celery.app")
        },
    }
