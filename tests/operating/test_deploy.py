"""What is written for others to run names commands, files and settings that there are."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.main import _parser
from bot.metrics import REGISTRY
from bot.operating.roles import ROLES
from bot.settings import Settings

ROOT = Path(__file__).resolve().parent.parent.parent
DEPLOY = ROOT / "deploy"
KNOWN = {f"VIGIA_{name.upper()}" for name in Settings.model_fields}


@pytest.mark.parametrize("path", sorted(DEPLOY.iterdir()), ids=lambda path: path.name)
def test_only_settings_that_there_are(path: Path) -> None:
    assert set(re.findall(r"VIGIA_[A-Z_]+", path.read_text(encoding="utf-8"))) <= KNOWN


@pytest.mark.parametrize("name", ["compose.yaml", "compose.scale.yaml"])
def test_compose_files_start_what_there_is(name: str) -> None:
    composed = yaml.safe_load((DEPLOY / name).read_text(encoding="utf-8"))
    ours = [service for service in composed["services"].values() if "build" in service]
    assert ours
    for service in ours:
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).exists()
        _parser().parse_args(service.get("command", ["run"]))
        assert service["read_only"] and service["cap_drop"] == ["ALL"]
        for volume in service.get("volumes", ()):
            assert volume.split(":")[0] in composed["volumes"]


def test_the_dockerfile_copies_what_there_is() -> None:
    text = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    for line in re.findall(r"^COPY (.+)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    assert "--require-hashes" in text and re.search(r"^USER vigia$", text, re.MULTILINE)


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_units_start_what_there_is(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert all(re.fullmatch(r"\[\w+\]|#.*|[A-Z]\w+=.*|", line) for line in text.splitlines())
    command = re.search(r"\.venv/bin/python bot\.py ([^'\n]+)", text)
    assert command is not None
    for role in ROLES[1:]:
        words = re.sub(r"\$\(.*\)", "today", command.group(1).replace("%j", role))
        _parser().parse_args(words.split())


#: What a unit may do on the machine, but for where it may write and how it is run.
_HARDENING = re.compile(
    r"^((?:UMask|NoNewPrivileges|Protect\w+|Private\w+|Restrict\w+|LockPersonality|SystemCall\w+"
    r"|CapabilityBoundingSet|MemoryMax)=.*)$",
    re.MULTILINE,
)


@pytest.mark.parametrize("path", sorted(DEPLOY.glob("*.service")), ids=lambda path: path.name)
def test_every_unit_is_held_as_the_bot_is(path: Path) -> None:
    bots = set(_HARDENING.findall((DEPLOY / "vigia.service").read_text(encoding="utf-8")))
    assert {
        "CapabilityBoundingSet=",
        "RestrictNamespaces=true",
        "SystemCallFilter=@system-service",
        "SystemCallFilter=~@privileged",
        "PrivateDevices=true",
    } <= bots
    assert set(_HARDENING.findall(path.read_text(encoding="utf-8"))) == bots


def test_alerts_ask_for_figures_that_there_are() -> None:
    rules = yaml.safe_load((DEPLOY / "alerts.yaml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    known = {sample.name for family in REGISTRY.collect() for sample in family.samples}
    known |= {family.name for family in REGISTRY.collect()}
    known |= {f"{name}{suffix}" for name in known for suffix in ("_total", "_bucket")}
    for rule in rules:
        asked = set(re.findall(r"vigia_\w+", rule["expr"]))
        assert asked <= known, rule["alert"]
        assert rule["annotations"]["summary"].endswith((".", "check", "doctor"))
