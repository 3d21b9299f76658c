"""What the assistant's actions in the audit log mean, in words and for OCSF."""

from django.utils.translation import gettext_lazy as _

from ingestion.audit_words import Action, Filed

ACTIONS = {
    "question.asked": Action(_("{actor} asked a question in {subject}."), Filed.SEARCHED),
    "question.answered": Action(
        _("{actor} was answered in {subject}; sentences proved: {supported}, not proved: {unsupported}."), Filed.READ
    ),
    "question.stopped": Action(_("{actor} stopped an answer in {subject}."), Filed.READ),
    "question.failed": Action(_("An answer to {actor} in {subject} failed."), Filed.READ, failed=True),
    "conversation.renamed": Action(_("{actor} renamed {subject}."), Filed.UPDATED),
    "conversation.deleted": Action(_("{actor} deleted {subject}."), Filed.DELETED),
    "feedback.given": Action(_("{actor} gave feedback on {subject}."), Filed.UPDATED),
    "evaluation.question_added": Action(
        _("{actor} took the question {subject} over for evaluation."), Filed.ENTITY_CREATED
    ),
    "dictionary.added": Action(_("{actor} added an entry to the dictionary of {subject}."), Filed.ENTITY_CREATED),
    "dictionary.changed": Action(_("{actor} changed an entry of the dictionary of {subject}."), Filed.ENTITY_UPDATED),
    "dictionary.removed": Action(_("{actor} removed an entry of the dictionary of {subject}."), Filed.ENTITY_DELETED),
    "dictionary.imported": Action(
        _("{actor} imported entries into the dictionary of {subject}; added: {added}, changed: {changed}."),
        Filed.IMPORTED,
    ),
    "report.made": Action(_("{actor} reported a sentence or a refusal of {subject}."), Filed.ENTITY_CREATED),
    "report.withdrawn": Action(_("{actor} took back a report about {subject}."), Filed.ENTITY_DELETED),
    "report.resolved": Action(_("{actor} resolved a report about {subject}."), Filed.ENTITY_UPDATED),
    "report.reopened": Action(_("{actor} opened a report about {subject} again."), Filed.ENTITY_UPDATED),
}
