"""What of BPMN 2.0 is run, what only describes and is passed over, and what is refused and why."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DD = "{http://www.omg.org/spec/DD/20100524/DI}"
EDITOR = "{http://camunda.org/schema/1.0/bpmn}"  # the attributes that the common editors offer for forms and properties

# What is run. A task without a kind is something that a person does, as a manual task is.
RUN: Mapping[str, str] = {
    **{
        kind: kind
        for kind in (
            "startEvent", "endEvent", "userTask", "manualTask", "serviceTask", "businessRuleTask", "callActivity", "subProcess",
            "exclusiveGateway", "parallelGateway", "boundaryEvent", "intermediateCatchEvent",
        )
    },
    "task": "manualTask",
}  # fmt: skip

# What is read as a part of something else.
PARTS = frozenset(
    {
        "laneSet", "lane", "childLaneSet", "flowNodeRef", "sequenceFlow", "conditionExpression", "incoming", "outgoing",
        "documentation",
    }
)  # fmt: skip

# What may happen at an event, by its kind. A case begins when a person opens it, whatever the message was.
HAPPENS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({"messageEventDefinition"}),
    "endEvent": frozenset({"terminateEventDefinition"}),
    "boundaryEvent": frozenset({"timerEventDefinition"}),
    "intermediateCatchEvent": frozenset({"timerEventDefinition"}),
}

# What tells the reader of the drawing something and changes no way through it.
DESCRIBES = frozenset(
    {
        "extensionElements", "dataObject", "dataObjectReference", "dataStoreReference", "dataInputAssociation",
        "dataOutputAssociation", "ioSpecification", "property", "textAnnotation", "association", "group", "auditing",
        "monitoring", "potentialOwner", "performer", "humanPerformer", "resourceRole", "rendering", "categoryValueRef",
        "supportedInterfaceRef", "ioBinding", "dataInput", "dataOutput", "inputSet", "outputSet",
    }
)  # fmt: skip

_WAITS = _("it waits for a message from another system, which the house can't take in")
_SENDS = _("it would send something by itself, which only a service step that the house knows may do")
_AGAIN = _("it would be done several times at once or in a row: draw each time, or an arrow back")
_UNDOES = _("what has been done in a case can't be undone by the drawing: draw what is to be done instead")

# Why what isn't run is refused; what isn't here is refused by name only.
REASONS: Mapping[str, str | Promise] = {
    "sendTask": _SENDS,
    "receiveTask": _WAITS,
    "intermediateThrowEvent": _SENDS,
    "messageEventDefinition": _("it waits for a message from another system, or sends one; the house does neither by itself"),
    "signalEventDefinition": _("it waits for a signal from another process, or sends one; a case knows only itself"),
    "errorEventDefinition": _("an error isn't a way on: draw the choice with a gateway"),
    "escalationEventDefinition": _("an escalation isn't a way on: draw it as a time limit or a choice"),
    "conditionalEventDefinition": _("a condition is asked at a gateway, when someone has answered"),
    "linkEventDefinition": _("draw the arrow instead of the link"),
    "compensateEventDefinition": _UNDOES,
    "cancelEventDefinition": _UNDOES,
    "transaction": _UNDOES,
    "timerEventDefinition": _("a case begins when a person opens it, not at a time"),
    "terminateEventDefinition": _("only an end ends everything"),
    "inclusiveGateway": _("it may take any number of ways: use a gateway that chooses, or one that divides"),
    "complexGateway": _("it chooses by rules of its own: use a gateway that chooses, or one that divides"),
    "eventBasedGateway": _("it waits for what happens first: use a time limit on a task's border"),
    "adHocSubProcess": _("its steps have no order: draw one, or put a gateway that divides before them"),
    "multiInstanceLoopCharacteristics": _AGAIN,
    "standardLoopCharacteristics": _AGAIN,
}
