"""Which permission each command needs, and so which commands are a person's own."""

from collections.abc import Mapping

from domain.command import Command, Verb, allowed
from domain.policy import Permission
from handlers.context import Context

NEEDS: Mapping[Verb, Permission] = {
    Verb.CASE_FILE: Permission.CASE_FILE,
    Verb.CASE_SHOW: Permission.CASE_READ,
    Verb.STAND_IN_SHOW: Permission.STAND_IN_SET,
    Verb.STAND_IN_SET: Permission.STAND_IN_SET,
    Verb.CUSTOMER_QUERY: Permission.CUSTOMER_SEARCH,
    Verb.VISIT_LOG: Permission.VISIT_LOG,
    Verb.TODO_LIST: Permission.TODO_LIST,
    Verb.TODO_SNOOZE: Permission.TODO_SNOOZE,
    Verb.MINE_SHOW: Permission.MINE_READ,
    Verb.HELP_SHOW: Permission.HELP_READ,
}


def commands_of(context: Context) -> tuple[Command, ...]:
    """What this person may do: offered to their post by the pack, and permitted by the policy."""
    permissions = context.house.policy.permissions(context.actor)
    offered = allowed(context.house.pack.commands, [context.actor.post or ""])
    return tuple(command for command in offered if NEEDS[command.verb] in permissions)
