"""What a command says when it fails: one plain line, never a traceback, unless one is asked for."""

from __future__ import annotations

from sqlalchemy.exc import ArgumentError, DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from deploy.local.processes import StackError
from models.running.settings import UnsafeSettings

SHOW_TRACEBACK = "CVMS_TRACEBACK"
UNREACHABLE = "The database cannot be reached. Is the stack running?"


def in_one_line(problem: Exception) -> str:
    """What a person can do something about; never what a statement or an answer of the database quotes.

    | raised                            | said                                              |
    |-----------------------------------|---------------------------------------------------|
    | StackError, UnsafeSettings        | its own words                                     |
    | the database is away or busy      | that it cannot be reached                         |
    | it refuses a statement            | that its tables do not fit, with PostgreSQL's code |
    | an address that is none           | that                                              |
    | a file or folder                  | the system's words and its name                   |
    | anything else                     | its kind, and how to see where                    |
    """
    if isinstance(problem, StackError | UnsafeSettings):
        return " ".join(str(problem).split())
    if isinstance(problem, OperationalError | InterfaceError | PoolTimeout):
        return UNREACHABLE
    if isinstance(problem, ProgrammingError):
        return f"The tables of the database do not fit this version ({_code(problem)}): migrate it first."
    if isinstance(problem, DBAPIError):
        return f"The database refused ({_code(problem)})."
    if isinstance(problem, ArgumentError):
        return "DATABASE_URL is no address of a database, as postgresql://role:password@host/name."
    if isinstance(problem, OSError) and problem.strerror:
        return f"{problem.strerror}: {problem.filename}" if problem.filename else problem.strerror
    return f"This is an error of the product: {type(problem).__name__}. {SHOW_TRACEBACK}=1 shows where."


def _code(problem: DBAPIError) -> str:
    return str(getattr(problem.orig, "pgcode", None) or type(problem.orig).__name__)
