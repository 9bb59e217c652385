"""The project's sessions: thin, since the work is done by the package and by well-kept tools."""

import hashlib
import os
from pathlib import Path

import nox

nox.needs_version = ">=2026.10"
nox.options.default_venv_backend = "uv|virtualenv"
nox.options.reuse_venv = "yes"
nox.options.sessions = ["build", "tests", "lint", "types"]
nox.options.error_on_external_run = True

LOCKS = {"build": ["package"], "tests": ["package", "tests"], "lint": ["package", "lint"],
         "types": ["package", "tests", "fuzz", "types"], "fuzz": ["package", "tests", "fuzz"],
         "shots": ["package", "shots"], "browser": ["package", "browser"],
         "bench": ["package", "tests", "shots"], "facts": ["package", "facts"]}  # fmt: skip
ANKI = ("26.9", "25.9", "24.11", "23.12")
# What the learners of one run saw, each with an Anki of their own.
SEEN = Path(".nox", f"seen-{os.getpid()}")


def install(session: nox.Session, *locks: str) -> None:
    """Install lists of hashed requirements and the package itself, unless the environment has just these."""
    lists = [Path("requirements", f"{lock}.txt") for lock in locks]
    wanted = hashlib.sha256(b"".join(path.read_bytes() for path in [*lists, Path("pyproject.toml")])).hexdigest()
    installed = Path(session.virtualenv.location, "installed")
    if installed.exists() and installed.read_text(encoding="utf-8") == wanted:
        return
    required = [word for path in lists for word in ("-r", str(path))]
    session.install("--require-hashes", *required, env={"UV_COMPILE_BYTECODE": "1"})
    session.install("--no-deps", "--no-build-isolation", "--editable", ".")
    installed.write_text(wanted, encoding="utf-8")


@nox.session
def build(session: nox.Session) -> None:
    """Build the notebook in source/, or the notes that are named: nox -s build -- PATH."""
    install(session, "build")
    session.run("cheatdeck", "build", *session.posargs)


@nox.session
def check(session: nox.Session) -> None:
    """Tell what is wrong with the notebook in source/, or the one that is named."""
    install(session, "build")
    session.run("cheatdeck", "check", *session.posargs)


@nox.session
def preview(session: nox.Session) -> None:
    """Show the notebook in source/, or the one that is named, in a browser, anew after each change."""
    install(session, "build")
    session.run("cheatdeck", "preview", *session.posargs)


@nox.session
def init(session: nox.Session) -> None:
    """Write a notebook.toml for notes that have none, to go on from: nox -s init -- PATH."""
    install(session, "build")
    session.run("cheatdeck", "init", *session.posargs)


@nox.session
def stamp(session: nox.Session) -> None:
    """Write the ids of headings and cards into notes, so that learners keep their reviews: nox -s stamp -- PATH."""
    install(session, "build")
    session.run("cheatdeck", "stamp", *session.posargs)


@nox.session
def release(session: nox.Session) -> None:
    """Write down in cards.csv what a release ships; refused as long as anything is wrong."""
    install(session, "build")
    session.run("cheatdeck", "release", *session.posargs)


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests, against Anki's own library and with PDFs read back: nox -s tests -- -k deck."""
    install(session, "tests")
    session.run("pytest", "--numprocesses", "auto", "--dist", "loadscope", *session.posargs)


@nox.session
@nox.parametrize("version", ANKI)
def anki(session: nox.Session, version: str) -> None:
    """Import three releases into learners' collections, in four versions of Anki, and print what became of them."""
    install(session, "build", f"anki-{version}")
    session.run("python", "tests/upgrade/stories.py", str(SEEN), version)
    session.notify("matrix", [str(SEEN)])


@nox.session(python=False, default=False)
def matrix(session: nox.Session) -> None:
    """Print the table of the session `anki`, which runs this at its end."""
    session.run("python3", "tests/upgrade/matrix.py", *session.posargs, external=True)


@nox.session
def reproduce(session: nox.Session) -> None:
    """Build the last commit twice, under different conditions, and compare every byte."""
    install(session, "build")
    session.run("python", "scripts/reproduce.py", *session.posargs)


@nox.session
def bench(session: nox.Session) -> None:
    """Measure against other ways to do the same, as ratios within one run: nox -s bench -- deck."""
    install(session, "bench")
    session.run("python", "-m", "bench", *session.posargs, env={"PYTHONPATH": "scripts"})


@nox.session
def facts(session: nox.Session) -> None:
    """Hold the limits against what AWS publishes for machines, and print what proves each of them."""
    install(session, "facts")
    session.run("python", "-m", "facts", *session.posargs, env={"PYTHONPATH": "scripts"})


@nox.session(name="facts-newest", default=False)
def facts_newest(session: nox.Session) -> None:
    """Do the same with the newest of AWS's packages, so that a limit that AWS has changed is noticed."""
    install(session, "build")
    packages = nox.project.dependency_groups(nox.project.load_toml("pyproject.toml"), "facts")
    session.install("--upgrade", *packages)
    session.run("python", "-m", "facts", *session.posargs, env={"PYTHONPATH": "scripts"})


@nox.session
def kill(session: nox.Session) -> None:
    """Kill builds at random moments, and look at what they leave: nox -s kill -- --kills 200."""
    install(session, "tests")
    session.run("python", "tests/kill/kill.py", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def fuzz(session: nox.Session) -> None:
    """Give readers and renderers notes that nobody expects: nox -s fuzz -- --minutes 10."""
    install(session, "fuzz")
    session.run("python", "tests/fuzz/fuzz.py", *session.posargs, env={"PYTHONPATH": "tests"})


@nox.session
def shots(session: nox.Session) -> None:
    """Take pictures of cards, in Anki's own window and in a browser as wide as a phone."""
    install(session, "shots")
    session.run("python", "scripts/shots.py", *session.posargs)


@nox.session
def browser(session: nox.Session) -> None:
    """Open the preview in Debian's Chromium: flip, search, filter, follow links, at night and on a phone."""
    install(session, "browser")
    # The other tests' fixtures want Anki.
    session.run("pytest", "--confcutdir", "tests/browser", "tests/browser", *session.posargs)


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
    """Check the types of the package, the tests, the scripts and this file."""
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
    same = ("--constraint", "requirements/build.txt")
    for name, groups in LOCKS.items():
        chosen = [word for group in groups for word in ("--group", group)]
        agreeing = () if name == "build" else same
        session.run(*compile_list, "pyproject.toml", *chosen, *agreeing, "-o", f"requirements/{name}.txt")
    for version in ANKI:
        session.run(*compile_list, "--group", f"anki-{version}", *same, "-o", f"requirements/anki-{version}.txt")
