"""Signatures that anybody can check."""

from __future__ import annotations

import pytest

from cat.errors import BadInput
from web.operations.signing import is_signed, public_key, sign

SEED = bytes(range(32))


def test_the_key_is_the_one_of_the_standard():
    # RFC 8032, section 7.1, test 1: this seed has this public key.
    seed = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")

    assert public_key(seed) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


def test_a_signature_holds_for_its_message_and_purpose_only():
    public = public_key(SEED)
    signature = sign(SEED, "pengumuman", "SKD-2024-001 abc")

    assert is_signed(public, "pengumuman", "SKD-2024-001 abc", signature)
    assert not is_signed(public, "pengumuman", "SKD-2024-001 abd", signature)
    assert not is_signed(public, "ekspor", "SKD-2024-001 abc", signature)
    assert not is_signed(public_key(bytes(32)), "pengumuman", "SKD-2024-001 abc", signature)


@pytest.mark.parametrize("signature", ["", "zz", "00" * 64, "00"])
def test_what_is_no_signature_does_not_hold(signature):
    assert not is_signed(public_key(SEED), "pengumuman", "apa saja", signature)


@pytest.mark.parametrize("public", ["", "bukan", "00" * 31])
def test_what_is_no_key_is_refused_by_name(public):
    with pytest.raises(BadInput, match="bukan kunci Ed25519"):
        is_signed(public, "pengumuman", "apa saja", "00")
