"""QTI of other systems: what comes in, what is refused by name, and that no loss is silent."""

from __future__ import annotations

import re

import pytest

from cat.errors import FileRefused
from cat.itembank.exchange.importing import read_file
from cat.itembank.rendering import render
from tests.cat.itembank.exchange.qti_files import (
    CORRECT_B,
    MATCH,
    QTI3,
    item,
    manifest,
    mapped,
    mapping,
    package,
    png,
    ruled,
    zipped,
)

TIU, TKP = "tiu.verbal.analogi", "tkp.pelayanan_publik"
ONLY_RATIONALE = {"rasional"}


def only(data: bytes, domain: str = TIU, name: str = "butir.xml"):
    (report,) = read_file(name, data, domain=domain).items
    return report


def refusal(data: bytes, domain: str = TIU) -> str:
    report = only(data, domain)
    assert report.content is None
    assert report.code == ""
    return "; ".join(report.refusals)


def lost(report) -> dict[str, str]:
    assert report.content is not None, report.refusals
    return {loss.what: loss.effect for loss in report.losses}


def condition(test: str, then: str, otherwise: str = "0") -> str:
    def score(value):
        base = f'<baseValue baseType="float">{value}</baseValue>'
        return f'<setOutcomeValue identifier="SCORE">{base}</setOutcomeValue>'

    return ruled(
        f"<responseCondition><responseIf>{test}{score(then)}</responseIf>"
        f"<responseElse>{score(otherwise)}</responseElse></responseCondition>"
    )


MATCHES = '<match><variable identifier="RESPONSE"/><correct identifier="RESPONSE"/></match>'
QTI3_ITEM = f"""<q:qti-assessment-item xmlns:q="{QTI3}" identifier="q3" title="t"
 time-dependent="false"><q:qti-response-declaration identifier="R" cardinality="single"
 base-type="identifier"><q:qti-correct-response><q:qti-value>b</q:qti-value>
 </q:qti-correct-response></q:qti-response-declaration><q:qti-item-body><q:p>Pilih
 <q:em>satu</q:em>.</q:p><q:qti-choice-interaction response-identifier="R">
 <q:qti-prompt>Yang mana?</q:qti-prompt><q:qti-simple-choice identifier="a">satu
 </q:qti-simple-choice><q:qti-simple-choice identifier="b">dua</q:qti-simple-choice>
 </q:qti-choice-interaction></q:qti-item-body><q:qti-response-processing
 template="https://purl.imsglobal.org/spec/qti/v3p0/rptemplates/match_correct.xml"/>
 </q:qti-assessment-item>""".encode()


@pytest.mark.parametrize("version", ["2.1", "2.2"])
def test_an_item_of_qti_2_enters_as_it_stands(version):
    report = only(item(version=version))

    assert set(lost(report)) == ONLY_RATIONALE
    assert report.content.stem == "Ibu kota Indonesia?"
    assert report.content.options == tuple(f"pilihan {x}" for x in "ABCDE")
    assert report.content.points == (0, 1, 0, 0, 0)
    assert report.content.source == "butir.xml: q1 (Soal)"
    assert report.content.parameters.status == "nilai awal: belum ditaksir"


def test_qti_3_is_known_by_its_namespace_whatever_the_prefix():
    report = only(QTI3_ITEM)

    assert set(lost(report)) == ONLY_RATIONALE
    assert report.content.stem == "Pilih *satu*.\n\nYang mana?"
    assert report.content.points == (0, 1)
    assert report.content.max_choices == 1  # absent max-choices means 1


@pytest.mark.parametrize(
    ("changes", "points", "what"),
    [
        ({"response": CORRECT_B + mapping(A=1, C=5)}, (0, 1, 0, 0, 0), "<mapping>"),
        ({"response": CORRECT_B, "interaction": ""}, (0, 1, 0, 0, 0), None),
        (mapped(B=1), (0, 1, 0, 0, 0), None),
        (mapped(B=4), (0, 1, 0, 0, 0), "nilai"),
        (
            {**mapped(C=1), "response": CORRECT_B + mapping(C=1)},
            (0, 0, 1, 0, 0),
            "<correctResponse>",
        ),
        ({"processing": condition(MATCHES, "1")}, (0, 1, 0, 0, 0), None),
        ({"processing": condition(f"<not>{MATCHES}</not>", "0", "1")}, (0, 1, 0, 0, 0), "nilai"),
    ],
)
def test_response_processing_decides_the_score(changes, points, what):
    report = only(item(**changes))

    assert report.content.points == points
    assert set(lost(report)) == ONLY_RATIONALE | ({what} if what else set())


def test_points_of_each_option_enter_tkp_and_nowhere_else():
    graded = item(**mapped(A=3, B=1, C=5, D=2, E=4))

    assert only(graded, TKP).content.points == (3, 1, 5, 2, 4)
    assert "3, 1, 5, 2, 4" in refusal(graded)
    assert "masing-masing sekali" in refusal(item(**mapped(A=0.5, B=1)), TKP)


def test_points_that_rules_look_up_in_a_table_are_found():
    table = "".join(
        f'<matchTableEntry sourceValue="{n}" targetValue="{6 - n}"/>' for n in range(1, 6)
    )
    outcome = (
        '<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float">'
        f"<matchTable>{table}</matchTable></outcomeDeclaration>"
    )
    rules = ruled(
        '<lookupOutcomeValue identifier="SCORE"><mapResponse identifier="RESPONSE"/>'
        "</lookupOutcomeValue>"
    )
    given = item(response=mapping(A=1, B=2, C=3, D=4, E=5), outcome=outcome, processing=rules)

    report = only(given, TKP)

    assert report.refusals == ()
    assert report.content.points == (5, 4, 3, 2, 1)


@pytest.mark.parametrize(
    ("choices", "response", "processing", "effect"),
    [
        ("2", mapping(A=1, C=1), "map_response", None),
        ("0", mapping(A=2, C=2), "map_response", "tiap kunci menjadi 1"),
        (
            "2",
            "<correctResponse><value>A</value><value>C</value></correctResponse>",
            "match_correct",
            "semua kunci sekaligus",
        ),
    ],
)
def test_several_answers_are_kept_as_keys(choices, response, processing, effect):
    template = MATCH.replace("match_correct", processing)
    report = only(
        item(
            cardinality="multiple",
            interaction=f'maxChoices="{choices}"',
            response=response,
            processing=f'<responseProcessing template="{template}"/>',
        )
    )

    assert report.content.points == (1, 0, 1, 0, 0)
    assert report.content.max_choices == int(choices)
    assert (effect or "") in lost(report).get("nilai", "")
    assert ("nilai" in lost(report)) == (effect is not None)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (item(processing=""), "tidak ada responseProcessing"),
        (item(processing='<responseProcessing template="http://x/rp"/>'), "http://x/rp"),
        (item(processing=ruled("<customOperator/>")), "<customOperator>"),
        (item(processing=condition("<random/>", "1")), "<random>"),
        (item('<p><textEntryInteraction responseIdentifier="T"/></p>'), "textEntryInteraction"),
        (item("<orderInteraction/>"), "orderInteraction"),
        (item("<p><video/></p>"), "<video>"),
        (item('<table><tr><td colspan="2">x</td></tr></table>'), "colspan"),
        (item('<p><img src="a.png" alt="x"/></p>'), "a.png: tidak ada di dalam paket"),
        (item(after="<templateProcessing/>"), "<templateProcessing>"),
        (item().replace(b'adaptive="false"', b'adaptive="true"'), "adaptive=true"),
        (item(choices='<simpleChoice identifier="A">a</simpleChoice>'), "1 pilihan"),
        (item().replace(b"imsqti_v2p1", b"imsqti_v2p0"), "QTI 2.0"),
        (b"<questestinterop/>", "QTI 1.x"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "akar <svg>"),
        (
            item('<p><math xmlns="http://www.w3.org/1998/Math/MathML"><mlongdiv/></math></p>'),
            "rumus MathML",
        ),
    ],
)
def test_what_the_bank_cannot_hold_is_refused_by_name(data, words):
    assert words in refusal(data)


def test_every_element_and_attribute_that_does_not_come_along_is_listed():
    strange = item(
        '<p class="besar">a <u>b</u> <a href="http://x/">c</a></p><hr/>'
        '<rubricBlock view="scorer"><p>rahasia</p></rubricBlock><p>n<sup>2</sup></p>',
        interaction='maxChoices="1" shuffle="true" orientation="horizontal"',
        root=' xmlns:x="urn:x" x:rahasia="ya"',
        head='<?xml-stylesheet href="a.css"?>',
        outcome='<outcomeDeclaration identifier="SCORE" cardinality="single" baseType="float"/>'
        '<outcomeDeclaration identifier="LAIN" cardinality="single" baseType="float"/>',
        after='<modalFeedback identifier="f" outcomeIdentifier="LAIN" showHide="show">Bagus'
        "</modalFeedback>",
    ).replace(b'shuffle="false"', b"")

    report = only(strange)

    assert set(lost(report)) == ONLY_RATIONALE | {
        *("atribut class=“besar”", "<u>", "tautan http://x/", "<hr>", "<rubricBlock>", "<sup>"),
        *("shuffle=true", "atribut orientation=“horizontal”", "atribut rahasia=“ya”"),
        *("<outcomeDeclaration>", "<modalFeedback>"),
    }
    assert report.content.stem == "a b c\n\nn²"


def test_text_that_looks_like_markdown_stays_text():
    body = (
        "<p>1. *satu* _dua_ $x$ [a](b) `c` &lt;b&gt; &amp;lt; ![d](gambar:e)</p>"
        "<p># bukan judul</p><p>- bukan daftar</p><p>a|b ~ \\ +</p>"
        "<table><tr><th>a|b</th><th>-</th></tr><tr><td>1</td><td>$2</td></tr></table>"
    )
    content = only(item(body)).content

    shown = re.sub(r"<[^>]+>", "", render(content).stem)
    for said in ("1. *satu* _dua_ $x$ [a](b) `c`", "# bukan judul", "- bukan daftar", "a|b ~ \\ +"):
        assert said in shown


def test_lists_tables_and_emphasis_keep_their_form():
    body = (
        "<p>a<b> b </b>c<br/>d</p><ol start='3'><li>satu<ul><li>dalam</li></ul></li><li>dua</li>"
        "</ol><blockquote><p>kutip</p></blockquote><h3>judul</h3><pre>x  y\n z</pre>"
    )
    html = render(only(item(body)).content).stem.replace("\n", "")

    assert "<p>a <strong>b</strong> c<br>d</p>" in html
    assert "<ol><li>satu<ul><li>dalam</li></ul></li><li>dua</li></ol>" in html
    assert "<blockquote><p>kutip</p></blockquote><h3>judul</h3>" in html
    assert "<pre><code>x  y z</code></pre>" in html


def test_a_package_brings_items_pictures_and_shared_texts():
    shown = item('<p>Lihat <img src="g/a.png" alt="biru"/></p>', identifier="sama")
    with_text = item(identifier="sama", version="2.2")
    stimulus = f"""<qti-assessment-stimulus xmlns="{QTI3}" identifier="S" title="s">
      <qti-stimulus-body><p>Bacaan <img src="../i/g/a.png" alt="biru"/></p></qti-stimulus-body>
      </qti-assessment-stimulus>""".encode()
    referring = QTI3_ITEM.replace(
        b"<q:qti-item-body>",
        b'<q:qti-assessment-stimulus-ref identifier="S" href="../s/s.xml"/><q:qti-item-body>',
    )
    files = {"i/a.xml": shown, "i/b.xml": with_text, "i/c.xml": referring}
    files |= {"i/g/a.png": png(), "s/s.xml": stimulus, "sisa.txt": b"x"}

    batch = read_file("p.zip", package(files, "i/a.xml", "i/b.xml", "i/c.xml"), domain=TIU)

    first, second, third = batch.items
    assert [first.identifier, second.identifier] == ["sama", "sama"]
    assert first.code == "sama"
    assert second.code == "TIU-VERBAL-ANALOGI-I0001"
    assert "kode sama" in lost(second)
    assert third.content.stimulus == "S"
    assert third.content.shown_stem.startswith("Bacaan ![](gambar:s1)\n\nPilih")
    assert len(batch.pictures) == 1
    assert [loss.place for loss in batch.losses] == ["sisa.txt"]


def test_one_bad_item_does_not_stop_the_others():
    batch = read_file("p.zip", package({"a.xml": item(), "b.xml": item(processing="")}), domain=TIU)

    assert [report.verdict for report in batch.items] == ["diterima dengan catatan", "ditolak"]


def test_a_manifest_says_what_else_it_holds():
    extra = (
        '<resource identifier="t" type="imsqti_test_xmlv2p1" href="t.xml">'
        '<file href="t.xml"/></resource>'
    )
    data = zipped(
        {"imsmanifest.xml": manifest("q.xml", extra=extra), "q.xml": item(), "t.xml": b"<x/>"}
    )

    losses = read_file("p.zip", data, domain=TIU).losses

    assert {loss.what for loss in losses} == {"susunan tes", "berkas"}


def test_items_need_a_domain_of_the_bank():
    assert "domain" in refusal(item(), "")
    with pytest.raises(FileRefused, match="Manifes saja"):
        read_file("imsmanifest.xml", manifest("q.xml"), domain=TIU)
