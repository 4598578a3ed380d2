"""The kinds of trials, each with what half an hour of it tries."""

from campaign.cluster_kills import try_cluster_kills
from campaign.corruption import try_corruption
from campaign.full_disks import try_full_disk
from campaign.hostile_folders import try_hostile_folder
from campaign.inputs import try_input
from campaign.kills import try_kills
from campaign.other_users import try_other_user
from campaign.outcome import Kind
from campaign.races import try_race
from campaign.terminals import try_terminal
from campaign.watched_kills import try_watched_kill

ALL = (
    Kind(name="kills", goal=500, max_seconds=900, run=try_kills),
    Kind(name="clusters", goal=20, max_seconds=900, run=try_cluster_kills),
    Kind(name="corruption", goal=5000, max_seconds=300, run=try_corruption),
    Kind(name="folders", goal=500, max_seconds=300, run=try_hostile_folder),
    Kind(name="inputs", goal=20_000, max_seconds=180, run=try_input),
    Kind(name="races", goal=500, max_seconds=600, run=try_race),
    Kind(name="terminals", goal=50, max_seconds=240, run=try_terminal),
    Kind(name="disks", goal=20, max_seconds=600, run=try_full_disk),
    Kind(name="users", goal=30, max_seconds=300, run=try_other_user),
    Kind(name="watched", goal=200, max_seconds=600, run=try_watched_kill),
)

KINDS = {kind.name: kind for kind in ALL}
