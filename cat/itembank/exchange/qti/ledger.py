"""An account of every element and attribute of a document, so that none is overlooked."""

from __future__ import annotations

from cat.itembank.exchange.qti.names import XML_LANG, XSI, camel, name_of
from cat.itembank.exchange.report import Loss
from cat.itembank.exchange.xml import Node, local

# Says how the document is made, not what the item is; or repeats what we always do.
_HARMLESS = {
    "assessmentItem": {"adaptive", "timeDependent", "toolName", "toolVersion", "label"},
    "assessmentStimulus": {"toolName", "toolVersion", "label"},
}
_HARMLESS_EVERYWHERE = {XML_LANG, "xmlns", "id"}


class Ledger:
    """What of a document was used. What was not is a loss, named with its place."""

    def __init__(self, root: Node, document: str) -> None:
        self._document = document
        # Holding every element keeps lxml from making new objects for them.
        self._nodes = [node for node in root.iter() if isinstance(node.tag, str)]
        self._instructions = [node for node in root.iter() if not isinstance(node.tag, str)]
        self._used: set[Node] = set()
        self._attributes: set[tuple[Node, str]] = set()
        self._said: list[Loss] = []
        self._closed: set[Node] = set()

    def use(self, node: Node) -> None:
        """The element is accounted for; its attributes and children are not yet."""
        self._used.add(node)

    def structure(self, node: Node) -> None:
        """The element only holds others; text right inside it belongs to nobody."""
        self.use(node)
        texts = [node.text or "", *(child.tail or "" for child in node)]
        if stray := " ".join(text.strip() for text in texts if text.strip()):
            self.lose(node, f"teks “{stray[:60]}”", "tidak disimpan")

    def get(self, node: Node, name: str, default: str = "") -> str:
        """An attribute by its QTI 2 name, accounted for."""
        for raw, value in node.attrib.items():
            if raw == name or ("{" not in raw and camel(raw) == name):
                self._attributes.add((node, raw))
                return str(value)
        return default

    def lose(self, node: Node, what: str, effect: str) -> None:
        """Note a loss at an element."""
        self._said.append(Loss(self.place(node), what, effect))

    def drop(self, node: Node, effect: str) -> None:
        """Note that an element is left out with all that is in it."""
        self.lose(node, f"<{local(node)}>", effect)
        self.use(node)
        self.close(node)

    def close(self, node: Node) -> None:
        """Everything in and on this element is accounted for."""
        self._closed.update(each for each in node.iter() if isinstance(each.tag, str))

    def place(self, node: Node) -> str:
        """Where an element stands, such as item.xml: assessmentItem/itemBody/p[2]."""
        steps = []
        while node is not None:
            parent = node.getparent()
            step = local(node)
            if parent is not None:
                same = [each for each in parent if each.tag == node.tag]
                step += f"[{same.index(node) + 1}]" if len(same) > 1 else ""
            steps.append(step)
            node = parent
        return f"{self._document}: {'/'.join(reversed(steps))}"

    def losses(self) -> list[Loss]:
        """All that was noted, and all that nobody accounted for."""
        found = list(self._said)
        for node in self._nodes:
            if node in self._closed:
                continue
            if node not in self._used:
                found.append(Loss(self.place(node), f"<{local(node)}>", "tidak disimpan"))
                self.close(node)
                continue
            found += [
                Loss(self.place(node), f"atribut {_plain(raw)}=“{value[:60]}”", "tidak disimpan")
                for raw, value in node.attrib.items()
                if (node, raw) not in self._attributes and not _is_harmless(node, raw)
            ]
        found += [
            Loss(self._document, f"instruksi pemroses <?{node.target}?>", "tidak disimpan")
            for node in self._instructions
            if hasattr(node, "target")
        ]
        return found


def _is_harmless(node: Node, raw: str) -> bool:
    if raw in _HARMLESS_EVERYWHERE or raw.startswith(XSI):
        return True
    return camel(raw) in _HARMLESS.get(name_of(node), ())


def _plain(raw: str) -> str:
    return raw.rpartition("}")[2]
