"""The project's sessions: thin, since the work is done by the package and by well-kept tools."""

import hashlib
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["build", "tests", "lint", "types"]
nox.options.error_on_external_run = True

LOCKS = {"build": ["package"], "tests": ["package", "tests"], "lint": ["package", "lint"],
         "types": ["package", "tests", "types"]}  # fmt: skip


def install(session: nox.Session, lock: str) -> None:
    """Install a list of hashed requirements and the package itself, unless the environment has just these."""
    requirements = Path("requirements", f"{lock}.txt")
    wanted = hashlib.sha256(requirements.read_bytes() + Path("pyproject.toml").read_bytes()).hexdigest()
    installed = Path(session.virtualenv.location, "installed")
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return
    session.install("--require-hashes", "-r", str(requirements), env={"UV_COMPILE_BYTECODE": "1"})
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    installed.write_text(wanted, encoding="utf-8")


@nox.session
def build(session: nox.Session) -> None:
    """Build the notebook in source/, or the one that is named: nox -s build -- NOTEBOOK."""
    install(session, "build")
    session.run("cheatdeck", "build", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Tell what is wrong with the notebook in source/, or the one that is named."""
    install(session, "build")
    session.run("cheatdeck", "check", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, against Anki's own library and with PDFs read back: nox -s tests -- -k deck."""
    install(session, "tests")
    session.run("pytest", *session.posargs)


@nox.session
def lint(session: nox.Session) -> None:
    """Check the code's style, the spelling everywhere, and the notes."""
    install(session, "lint")
    session.run("ruff", "check")
    session.run("ruff", "format", "--check")
    session.run("codespell")
    session.run("cheatdeck", "check", "source")


@nox.session
def types(session: nox.Session) -> None:
    """Check the types of the package, the tests and this file."""
    install(session, "types")
    session.run("mypy")


@nox.session
def lock(session: nox.Session) -> None:
    """Compile the lists of hashed requirements anew, newest versions first: nox -s lock -- --upgrade."""
    session.install("uv")
    compile_list = (
        "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header",
        "--no-emit-index-url", *session.posargs,
    )  # fmt: skip
    session.run(*compile_list, "--group", "nox", "-o", "requirements/nox.txt")
    for name, groups in LOCKS.items():
        chosen = [word for group in groups for word in ("--group", group)]
        same = () if name == "build" else ("--constraint", "requirements/build.txt")
        session.run(*compile_list, "pyproject.toml", *chosen, *same, "-o", f"requirements/{name}.txt")
