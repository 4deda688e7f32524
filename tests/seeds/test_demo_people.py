"""Identifiers of the invented people have the shape of real ones."""

from __future__ import annotations

from datetime import date

from seeds.demo.people import nik, nip, nomor_peserta

BORN = date(1968, 8, 5)


def test_a_womans_nik_has_forty_added_to_her_day_of_birth_but_her_nip_has_not():
    # domain.md 2.5: woman born 5 Aug 1968: NIK DDMMYY 450868, NIP starts 19680805
    assert nik(BORN, "P", 1)[6:12] == "450868"
    assert nik(BORN, "L", 1)[6:12] == "050868"
    assert nip(BORN, date(1990, 3, 1), "P", 7) == "196808051990032007"


def test_invented_identifiers_have_the_legal_lengths_and_a_province_that_does_not_exist():
    assert len(nik(BORN, "P", 1)) == 16
    assert nik(BORN, "P", 1).startswith("99")
    assert len(nomor_peserta("9901", "P", 1)) == 17
