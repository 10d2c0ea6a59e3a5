"""From a request to the answer: finds the handler, checks its params, and turns every error into words."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from rotomatte.engine.wire import RefusedError, Request, parse_params
from rotomatte_plugin.errors import RotomatteError
from rotomatte_plugin.messages import METHODS, ErrorWords, to_words
from rotomatte_plugin.messages.errors import INTERNAL_ERROR, METHOD_NOT_FOUND

Handler = Callable[[Any], object]
"""Takes the params of its method and returns its result, both of the classes that ``METHODS`` names."""

Handlers = Mapping[str, Handler]

_log = logging.getLogger(__name__)


def answer(request: Request, handlers: Handlers) -> object:
    """The result of a request.

    Raises:
        RefusedError: there is none; with what the client is told, which is never a traceback. That goes into the log.
    """
    try:
        handler = _find(request, handlers)
        return handler(parse_params(request, METHODS[request.method].params))
    except RotomatteError as error:
        _log.info("%s: %s", request.method, error)
        raise RefusedError(to_words(error)) from error
    except RefusedError:
        raise
    except Exception as error:
        _log.exception("%s failed", request.method)
        words = ErrorWords(
            INTERNAL_ERROR,
            f"The engine made a mistake of its own in {request.method} ({type(error).__name__}).",
            "Try again; if it comes back, report it with the engine's log.",
        )
        raise RefusedError(words) from error


def _find(request: Request, handlers: Handlers) -> Handler:
    handler = handlers.get(request.method) if request.method in METHODS else None
    if handler is not None:
        return handler
    if request.method in METHODS:
        sentence = f"This engine does not answer {request.method}."
    else:
        sentence = f"There is no method {request.method[:100]!r}."
    raise RefusedError(ErrorWords(METHOD_NOT_FOUND, sentence, f"Use one of {', '.join(sorted(handlers))}."))
