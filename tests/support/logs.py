"""What the application logs while tests run: plain lines that the runner shows with a failure.

Without any configuration structlog draws a coloured table of all local variables around each line of a traceback: seconds for one line of the log.
"""

import structlog


def log_plainly() -> None:
    """Lines as they come, exceptions as Python prints them."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=False,
    )
