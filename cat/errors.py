"""In which ways the engine can refuse.

    CatError
    ├── BadInput (also ValueError)      an argument breaks a documented rule
    │   ├── BadParameters               an item parameter is outside its range
    │   ├── BadItem                     an item's content breaks a rule of the bank
    │   ├── BadRules                    a rule set or policy file is not well formed
    │   ├── CannotBePrinted             a text holds a letter that the fonts of documents lack
    │   └── BadTable                    a cell of a table of people or formasi breaks a rule
    ├── BankError
    │   ├── BlueprintInfeasible         the bank cannot fill the blueprint
    │   ├── PoolExhausted               no legal next item (a published pool never gets here)
    │   └── PoolDamaged                 a pool's content no longer matches its hash
    ├── RequestError                    a step that a request for flexible work does not allow
    │   ├── StepOutOfTurn               the request does not stand where this step begins
    │   ├── NotYourStep                 another person has to take it
    │   ├── StepIncomplete              a reason or a field is missing or out of its range
    │   └── RuleForbids                 the policy says no: a test, the days, the share of a unit
    ├── DecisionError                   an act between result and decision that may not be done
    │   ├── NeedsSecondPerson           who proposed it may not agree to it
    │   ├── AlreadyDecided              it was decided before, or the same is waiting for decision
    │   ├── NotDue                      the selection does not stand where this act begins
    │   ├── NotLawful                   a rule of the year forbids it
    │   └── FileRefused                 rows of a file break rules; nothing of it was stored
    ├── EstimationError
    │   ├── NormGroupTooSmall           too few persons to compare anybody with
    │   ├── NoFiniteEstimate            all answers point one way: the likelihood has no maximum
    │   ├── RunCancelled                somebody asked a long calculation to end
    │   └── DidNotConverge              an iteration ended before its tolerance was met
    └── ExamError                       a move that the state of the sitting does not allow
        ├── NotAdmitted                 the proctor has not let the candidate in
        ├── NotWorking                  the sitting is not running: not started or paused
        ├── SittingClosed               the sitting is finished
        ├── TimeIsUp                    served time is used up
        ├── NotTheCurrentItem           the answer names an item that is not on the screen
        ├── AlreadyAnswered             that item has another, final answer
        ├── NotInThisMode               a move that this way of delivery does not have
        ├── UnknownOption               the option is not one of the item's
        ├── TooManyChanges              the mark of one item was changed too often to keep storing
        ├── SesiClosed                  the scheduled slot is over
        └── RecordBroken                a stored record contradicts itself

Every error carries its evidence as attributes; the message names the place, the value and the rule.
"""

from __future__ import annotations

from typing import Any


class CatError(Exception):
    """Base of everything the engine raises on purpose."""

    def __init__(self, message: str, **evidence: Any) -> None:
        super().__init__(message)
        self.evidence = evidence


class BadInput(CatError, ValueError):
    pass


class BadParameters(BadInput):
    pass


class BadItem(BadInput):
    pass


class BadRules(BadInput):
    pass


class BadTable(BadInput):
    pass


class CannotBePrinted(BadInput):
    pass


class BankError(CatError):
    pass


class BlueprintInfeasible(BankError):
    pass


class PoolExhausted(BankError):
    pass


class PoolDamaged(BankError):
    pass


class RequestError(CatError):
    pass


class StepOutOfTurn(RequestError):
    pass


class NotYourStep(RequestError):
    pass


class StepIncomplete(RequestError):
    pass


class RuleForbids(RequestError):
    pass


class DecisionError(CatError):
    pass


class NeedsSecondPerson(DecisionError):
    pass


class AlreadyDecided(DecisionError):
    pass


class NotDue(DecisionError):
    pass


class NotLawful(DecisionError):
    pass


class FileRefused(DecisionError):
    pass


class EstimationError(CatError):
    pass


class NormGroupTooSmall(EstimationError):
    pass


class NoFiniteEstimate(EstimationError):
    pass


class RunCancelled(EstimationError):
    pass


class DidNotConverge(EstimationError):
    pass


class ExamError(CatError):
    pass


class NotAdmitted(ExamError):
    pass


class AlreadyStarted(ExamError):
    pass


class NotWorking(ExamError):
    pass


class SittingClosed(ExamError):
    pass


class TimeIsUp(ExamError):
    pass


class NotTheCurrentItem(ExamError):
    pass


class AlreadyAnswered(ExamError):
    pass


class NotInThisMode(ExamError):
    pass


class UnknownOption(ExamError):
    pass


class TooManyChanges(ExamError):
    pass


class SesiClosed(ExamError):
    pass


class RecordBroken(ExamError):
    pass
