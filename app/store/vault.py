"""The key vault: data keys kept wrapped beside the rows' database, unwrapped by a KMS.

One data key for each class of protected elements, in `<database>_vault.__keyVault`, and one that
wraps the key of the blind indexes. MongoDB's client-side field level encryption, explicit:
https://www.mongodb.com/docs/manual/core/csfle/.
"""

import hmac
import logging
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from threading import Lock
from time import monotonic
from typing import Any, TypeVar

from bson.binary import UUID_SUBTYPE, Binary
from bson.codec_options import CodecOptions
from pymongo import ASCENDING, MongoClient
from pymongo.encryption import ClientEncryption
from pymongo.errors import DuplicateKeyError, EncryptionError, PyMongoError

from app.model.errors import Unavailable, Unreadable
from app.model.protected import CLASSES
from app.store.deadline import deadline

Row = dict[str, Any]
Result = TypeVar("Result")
KEYS = "__keyVault"
RANDOM = "AEAD_AES_256_CBC_HMAC_SHA_512-Random"
"""The same document is never encrypted to the same bytes twice."""
SEARCH = "search"
SECRET_BYTES = 32
HASH_CHARACTERS = 22
"""How much of a keyed hash rows hold: 132 bits."""
KMS_SECONDS = 30.0
"""Longest that looking after the keys may take, in seconds."""
LOOK_SECONDS = 2.0
"""How often a process looks whether the master keys have changed."""

logger = logging.getLogger("hub.vault")


@dataclass(frozen=True)
class MasterKeys:
    """The KMS as pymongo is told of it; `provider` wraps what is made from now on."""

    providers: Mapping[str, Mapping[str, Any]]
    provider: str
    master_key: Mapping[str, Any] | None = None
    tls: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class DataKey:
    """What is known of one data key: its class, the provider that wraps it, and since when."""

    name: str
    provider: str
    changed: datetime


class Vault:
    """The keys of one tenant; made after a fork, it does nothing before it is needed.

    One ClientEncryption serves all threads: libmongocrypt's handle is made for that, and every
    operation has a context of its own. It keeps unwrapped keys for a minute.
    """

    def __init__(
        self, client: MongoClient[Row], database: str, masters: Callable[[], MasterKeys]
    ) -> None:
        self._client = client
        self._vault = client[f"{database}_vault"]
        self._masters = masters
        self._lock = Lock()
        self._known: MasterKeys | None = None
        self._encryption: ClientEncryption[Row] | None = None
        self._looked = -LOOK_SECONDS
        self._search_key = b""

    def prepare(self) -> None:
        """Make the keys that are missing; several processes may do so at once."""
        there = {"keyAltNames": {"$exists": True}}
        keys = self._vault[KEYS]
        keys.create_index([("keyAltNames", ASCENDING)], unique=True, partialFilterExpression=there)
        for name in (*CLASSES, SEARCH):
            if keys.find_one({"keyAltNames": name}, {"_id": 1}) is None:
                self._do(partial(self._create, name))
            # A master key that does not fit is better found out now than at the first request.
            self.encrypt(name, {})
        if self._vault["secrets"].find_one({"_id": SEARCH}, {"_id": 1}) is None:
            sealed = self.encrypt(SEARCH, {"of": SEARCH, "key": secrets.token_bytes(SECRET_BYTES)})
            with suppress(DuplicateKeyError):
                self._vault["secrets"].insert_one({"_id": SEARCH, "sealed": sealed})

    def encrypt(self, secrecy: str, document: Row) -> Binary:
        """Return a document encrypted under the key of a class, another way each time."""
        return self._do(lambda opened: opened.encrypt(document, RANDOM, key_alt_name=secrecy))

    def decrypt(self, encrypted: Binary) -> Row:
        """Return the document; raise Unreadable when it was changed or its key was destroyed."""
        try:
            found: Row = self._attempt(lambda opened: opened.decrypt(encrypted))
        except EncryptionError as error:
            raise self._judged(encrypted, error) from error
        return found

    def blind(self, text: str) -> str:
        """Return the keyed hash of a text, the same each time."""
        if not self._search_key:
            row = self._vault["secrets"].find_one({"_id": SEARCH})
            found = self.decrypt(row["sealed"]) if row else {}
            if found.get("of") != SEARCH:
                raise Unavailable("The keys of the hub have not been prepared yet.")
            self._search_key = found["key"]
        digest = hmac.digest(self._search_key, text.encode(), "sha256")
        return urlsafe_b64encode(digest)[:HASH_CHARACTERS].decode()

    def rewrap(self) -> int:
        """Wrap all data keys by the newest master key and return how many; no data are touched."""
        self._looked = -LOOK_SECONDS
        newest = self._masters()
        with deadline(KMS_SECONDS):
            done = self._do(
                lambda opened: opened.rewrap_many_data_key({}, newest.provider, newest.master_key)
            )
        return done.bulk_write_result.modified_count if done.bulk_write_result else 0

    def data_keys(self) -> list[DataKey]:
        """Return the data keys, in the order of their names."""
        with deadline(KMS_SECONDS):
            found = [_data_key(row) for row in self._vault[KEYS].find({})]
        return sorted(found, key=lambda each: each.name)

    def _create(self, name: str, opened: ClientEncryption[Row]) -> None:
        masters = self._known or self._masters()
        try:
            opened.create_data_key(masters.provider, masters.master_key, key_alt_names=[name])
        except EncryptionError as error:
            if not isinstance(error.cause, DuplicateKeyError):
                raise

    def _do(self, work: Callable[[ClientEncryption[Row]], Result]) -> Result:
        try:
            return self._attempt(work)
        except EncryptionError as error:
            raise _unavailable(error) from error

    def _attempt(self, work: Callable[[ClientEncryption[Row]], Result]) -> Result:
        """Do `work`; once more when it failed and the master keys have changed meanwhile."""
        opened = self._opened()
        try:
            return work(opened)
        except EncryptionError:
            self._looked = -LOOK_SECONDS
            renewed = self._opened()
            if renewed is opened:
                raise
            return work(renewed)

    def _opened(self) -> ClientEncryption[Row]:
        """Return what encrypts by the master keys there are; they are looked up now and then."""
        now = monotonic()
        with self._lock:
            if self._encryption is None or now >= self._looked + LOOK_SECONDS:
                self._looked = now
                masters = self._masters()
                if self._encryption is None or masters != self._known:
                    self._encryption = self._connected(masters)
                    self._known = masters
            return self._encryption

    def _connected(self, masters: MasterKeys) -> ClientEncryption[Row]:
        codec: CodecOptions[Row] = CodecOptions(document_class=dict)
        namespace = f"{self._vault.name}.{KEYS}"
        tls = dict(masters.tls) if masters.tls else None
        try:
            return ClientEncryption(
                dict(masters.providers), namespace, self._client, codec, kms_tls_options=tls
            )
        except (PyMongoError, ValueError, TypeError) as error:
            raise _unavailable(error) from error

    def _judged(self, encrypted: Binary, error: EncryptionError) -> Exception:
        """Return what to say of a ciphertext that does not open: whether it or its key is at fault.

        When its key encrypts something else, the ciphertext is damaged; without its key in the
        vault it is lost for good; else the KMS or the vault cannot be reached.
        """
        if isinstance(error.cause, PyMongoError):
            return _unavailable(error)
        key = Binary(bytes(encrypted[1:17]), UUID_SUBTYPE)
        if self._vault[KEYS].find_one({"_id": key}, {"_id": 1}) is None:
            logger.critical("A data key is not in the key vault.")
            return Unreadable("A protected part of this resource cannot be read any more.")
        try:
            self._attempt(lambda opened: opened.encrypt("", RANDOM, key_id=key))
        except EncryptionError:
            return _unavailable(error)
        return Unreadable("A protected part of this resource cannot be read.")


def _unavailable(error: Exception) -> Unavailable:
    # The driver's text may hold an address of the KMS, never a value; it stays out all the same.
    cause = error.cause if isinstance(error, EncryptionError) else error
    logger.error("The keys cannot be had.", extra={"fields": {"cause": type(cause).__name__}})
    return Unavailable("The keys to protected elements cannot be had at the moment.")


def _data_key(row: Row) -> DataKey:
    names: Iterable[str] = row.get("keyAltNames", ())
    return DataKey(", ".join(names), row["masterKey"]["provider"], row["updateDate"])
