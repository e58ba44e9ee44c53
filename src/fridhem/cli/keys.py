"""`fridhem keys …`: the key service, its vault, and the people who keep the spare keys."""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from pyrage import x25519

from fridhem.cli import house, prepare, unsealing
from fridhem.foundation.keys import child, escrow, journal, vault
from fridhem.foundation.keys.client import KeyMissing, KeyService
from fridhem.foundation.keys.place import Place
from fridhem.foundation.keys.vault import VaultClosed


def add_parser(subjects: argparse._SubParsersAction) -> None:
    """Add `keys` and its verbs to the command line."""
    parser = subjects.add_parser("keys", help="the key service: its vault, its journal, the custodians' envelopes")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="verb")
    for name, (do, text, more) in VERBS.items():
        verb = verbs.add_parser(name, help=text, description=text)
        prepare.add_place(verb)
        more(verb)
        verb.set_defaults(run=run, do=do)


def run(arguments: argparse.Namespace) -> int:
    """Do the verb; 1 when it can't be done, with the reason on stderr."""
    try:
        return arguments.do(Place(arguments.data / "keys"), arguments) or 0
    except (VaultClosed, KeyMissing) as error:
        print(error, file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"{error.filename} may not be used by this user.", file=sys.stderr)
        return 1


# ── the process ──


def serve(place: Place, arguments: argparse.Namespace) -> None:
    """Become the key service: this process is replaced by one that holds nothing else."""
    identity = unsealing.identity(place, arguments.key_file)
    vault.load(place, identity)  # say no here, where the person is
    more = [
        *(["--user", arguments.user] if arguments.user else []),
        *(part for peer in arguments.peer for part in ("--peer", peer)),
    ]
    line = child.command(place, key_file=None, copy=unsealing.anchors_copy(), more=more)
    read, write = os.pipe()
    os.write(write, f"{identity}\n".encode())
    os.close(write)
    os.dup2(read, 0)
    print(f"The key service serves from {place.folder}. Ctrl-C stops it.", flush=True)
    os.execv(line[0], line)


def stop(place: Place, _arguments: argparse.Namespace) -> int:
    """Stop the service that serves from here."""
    stopped = child.stop(place)
    print("The key service has stopped." if stopped else "There is no key service here that this user may stop.")
    return 0 if stopped else 1


def status(place: Place, arguments: argparse.Namespace) -> int:
    """Say how it is, in plain words; 1 when the service doesn't answer."""
    if not place.vault.exists():
        raise VaultClosed(f"There is no vault in {place.folder}. Make one with `fridhem keys init`.")
    by_itself = place.key_file.exists()
    print(
        "The vault is opened by " + ("the key file beside it: for demonstrations only." if by_itself else "a passphrase or key.")
    )
    zones = json.loads(place.public.read_text())["zones"]
    held = {zone: [int(version) for version in said["public"]] for zone, said in zones.items()}
    for zone, versions in held.items():
        print(
            f"  {zone:12} version {max(versions)}"
            + (f", older ones that still open: {sorted(versions)[:-1]}" if versions[1:] else "")
        )
    names = ", ".join(each.name for each in escrow.appointed(place))
    print(f"Custodians: {names or 'none, so a lost passphrase is lost for ever'}.")
    if names and not escrow.is_fresh(place, held):
        print("Their envelopes are older than the vault: renew them with `fridhem keys escrow --renew`.")
    return _status_of_service(arguments)


def _status_of_service(arguments: argparse.Namespace) -> int:
    told = json.loads((arguments.data / "faces" / "owner.json").read_text())["keys"]
    try:
        said = KeyService(Path(told["public_file"]), Path(told["socket"]), bytes.fromhex(told["token"]), "owner").status()
    except KeyMissing:
        print("The key service doesn't answer: start it with `fridhem keys serve`.")
        return 1
    print(f"The key service has answered since {said['since']}. Its journal has {said['journal']} lines.")
    if said["copy_trouble"]:
        print(f"The anchors' copy {said['copy']} can't be written: {said['copy_trouble']}.")
    return 0


def verify(place: Place, arguments: argparse.Namespace) -> int:
    """Follow the journal's chain and hold it against the copy of the anchors; 1 when something is wrong."""
    held = vault.load(place, unsealing.identity(place, arguments.key_file))
    verdict = journal.verify(place.journal, held.journal, arguments.copy or unsealing.anchors_copy())
    print(f"{verdict.count} lines, from number {verdict.first} to {verdict.last}.")
    for fault in verdict.faults[:20]:
        print(f"  wrong: {fault}")
    print("The chain is whole." if not verdict.faults else f"The chain is BROKEN in {len(verdict.faults)} places.")
    return 1 if verdict.faults else 0


# ── the vault ──


def init(place: Place, arguments: argparse.Namespace) -> None:
    """Make a vault that a passphrase opens."""
    if place.vault.exists():
        raise VaultClosed(f"There is a vault in {place.folder} already. `fridhem keys lock` changes what opens it.")
    _keep_closed(vault.new(), place, arguments.key_file)
    print(f"The vault is in {place.folder}. Now let three custodians make keys, and run `fridhem keys escrow`.")


def lock(place: Place, arguments: argparse.Namespace) -> None:
    """Give the vault another passphrase; the key file beside it goes."""
    held = vault.load(place, unsealing.identity(place, arguments.key_file))
    _keep_closed(held, place, arguments.new_key_file)
    place.key_file.unlink(missing_ok=True)
    print("The vault has a new lock. Restart the key service with `fridhem keys serve`.")
    print("If the old one can have been copied, rotate every zone too: `fridhem keys rotate ZONE`.")


def _keep_closed(held: vault.Vault, place: Place, key_file: Path | None) -> None:
    if key_file and key_file.exists():
        raise VaultClosed(f"{key_file} exists already; name a file that doesn't.")
    if key_file:
        identity = vault.make_key_file(key_file)
    else:
        phrase = unsealing.new_passphrase()
        identity = x25519.Identity.generate()
        vault.lock_with_passphrase(identity, phrase, place)
    escrow.keep(held, place, identity)


def rotate(place: Place, arguments: argparse.Namespace) -> None:
    """A new version of a zone's pair, also while the service runs."""
    identity = unsealing.identity(place, arguments.key_file)
    changed = vault.rotated(vault.load(place, identity), arguments.zone)
    escrow.keep(changed, place, identity)
    print(
        f"The zone {arguments.zone} has version {max(changed.pairs[arguments.zone])}; what is sealed from now on is sealed to it."
    )
    print(f"Now seal what lies in the database to it, while everybody works: fridhem keys renew {arguments.zone}")


def renew(place: Place, arguments: argparse.Namespace) -> int:
    """Seal every key in the database to the zone's newest version; the house must be open."""
    environment = house.House(data=place.folder.parent.resolve(), server=None).environment("owner")
    return subprocess.run([sys.executable, "-m", "django", "renew_keys", arguments.zone], env=environment, check=False).returncode


def retire(place: Place, arguments: argparse.Namespace) -> int:
    """Destroy an old private half, for ever."""
    identity = unsealing.identity(place, arguments.key_file)
    changed = vault.retired(vault.load(place, identity), arguments.zone, arguments.version)
    if not arguments.yes:
        print(f"What is sealed to version {arguments.version} of {arguments.zone} will never open again. Is all of it rewrapped?")
        if input("Write the zone's name to destroy the key: ") != arguments.zone:
            print("Nothing was changed.")
            return 1
    escrow.keep(changed, place, identity)
    print(f"Version {arguments.version} of {arguments.zone} is destroyed here and in the custodians' envelopes.")
    print("Older backups of the vault and the envelopes still hold it: destroy those too.")
    return 0


# ── the custodians ──


def custodian(_place: Place, arguments: argparse.Namespace) -> None:
    """Make a custodian's key: NAME.key for the custodian alone, NAME.pub for us."""
    key, public = arguments.name.with_suffix(".key"), arguments.name.with_suffix(".pub")
    if key.exists() or public.exists():
        raise VaultClosed(f"{key} or {public} exists already; choose another name.")
    identity = vault.make_key_file(key)
    public.write_text(f"{identity.to_public()}\n")
    print(f"{key} is for {key.stem} alone: keep it off this machine, on a stick or on paper, in a safe.")
    print(f"{public} is for `fridhem keys escrow --custodian {public}`; it's no secret.")


def make_escrow(place: Place, arguments: argparse.Namespace) -> None:
    """Seal the vault for every pair of custodians."""
    held = vault.load(place, unsealing.identity(place, arguments.key_file))
    if arguments.renew:
        count = escrow.renew(place, held)
    else:
        count = escrow.appoint(place, [escrow.read_custodian(path) for path in arguments.custodian], held)
    print(f"{count} envelopes lie in {place.escrow}. Any two of the custodians together can open the vault, one alone can't.")
    print("Copy that folder to another place, and try it once: `fridhem keys recover --check`.")


def recover(place: Place, arguments: argparse.Namespace) -> None:
    """Make a new vault with two custodians' keys."""
    folder = arguments.escrow or place.escrow
    held = escrow.recover(folder, [vault.read_key_file(path) for path in arguments.identity])
    if arguments.check:
        zones = ", ".join(f"{zone} {max(versions)}" for zone, versions in held.pairs.items())
        print(f"It works: the envelope holds {zones}. Nothing was changed.")
        return
    if place.vault.exists() and not arguments.replace:
        raise VaultClosed(
            f"There is a vault in {place.folder}. With --replace it's put aside and the recovered one takes its place."
        )
    if place.vault.exists():
        place.vault.replace(place.vault.with_suffix(".before"))
    place.key_file.unlink(missing_ok=True)
    if folder != place.escrow and not escrow.appointed(place):
        place.escrow.mkdir(mode=0o700, parents=True, exist_ok=True)
        (place.escrow / "custodians.json").write_bytes((folder / "custodians.json").read_bytes())
    _keep_closed(held, place, arguments.key_file)
    print("The vault is recovered. Start the key service with `fridhem keys serve`.")


# ── verb → what it does, what it's called, its arguments ──


def _nothing(_verb: argparse.ArgumentParser) -> None:
    pass


def _serve_arguments(verb: argparse.ArgumentParser) -> None:
    unsealing.add_key_file(verb)
    verb.add_argument("--user", default="", help="serve as this user of the system (must be started by root)")
    verb.add_argument("--peer", action="append", default=[], help="a user of the system whose processes may ask; once for each")


def _verify_arguments(verb: argparse.ArgumentParser) -> None:
    unsealing.add_key_file(verb)
    verb.add_argument("--copy", type=Path, help="the copy of the anchors to hold it against (FRIDHEM_ANCHORS)")


def _new_lock_arguments(verb: argparse.ArgumentParser) -> None:
    unsealing.add_key_file(verb)
    verb.add_argument("--new-key-file", type=Path, help="make this key file open the vault, instead of a passphrase")


def _zone_arguments(verb: argparse.ArgumentParser) -> None:
    unsealing.add_key_file(verb)
    verb.add_argument("zone")


def _retire_arguments(verb: argparse.ArgumentParser) -> None:
    _zone_arguments(verb)
    verb.add_argument("version", type=int)
    verb.add_argument("--yes", action="store_true", help="don't ask")


def _escrow_arguments(verb: argparse.ArgumentParser) -> None:
    unsealing.add_key_file(verb)
    whom = verb.add_mutually_exclusive_group(required=True)
    whom.add_argument("--custodian", type=Path, action="append", help="a custodian's public half (NAME.pub); at least three")
    whom.add_argument("--renew", action="store_true", help="the same custodians, with the vault as it is now")


def _recover_arguments(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--identity", type=Path, action="append", required=True, help="a custodian's key (NAME.key); two of them")
    verb.add_argument("--escrow", type=Path, help="the folder with the envelopes, when it isn't in the data folder")
    verb.add_argument("--key-file", type=Path, help="make this key file open the new vault, instead of a passphrase")
    verb.add_argument("--check", action="store_true", help="only see that it works")
    verb.add_argument("--replace", action="store_true", help="put aside a vault that is there")


VERBS = {
    "serve": (serve, "serve, until Ctrl-C", _serve_arguments),
    "stop": (stop, "stop the service that serves from here", _nothing),
    "status": (status, "say how it is", _nothing),
    "verify": (verify, "prove that nothing in the journal was changed or taken away", _verify_arguments),
    "init": (init, "make a vault that a passphrase opens", unsealing.add_key_file),
    "lock": (lock, "give the vault a new passphrase, or a passphrase instead of its key file", _new_lock_arguments),
    "rotate": (rotate, "give a zone a new key; the older ones still open", _zone_arguments),
    "renew": (renew, "seal what lies in the database to a zone's newest key", lambda verb: verb.add_argument("zone")),
    "retire": (retire, "destroy an old key of a zone, for ever", _retire_arguments),
    "custodian": (custodian, "make a custodian's key", lambda verb: verb.add_argument("name", type=Path, metavar="NAME")),
    "escrow": (make_escrow, "seal the vault for the custodians: any two of them can open it", _escrow_arguments),
    "recover": (recover, "make a new vault with two custodians' keys", _recover_arguments),
}
