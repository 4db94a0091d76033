"""The words of the captions: how each thing in a script may be called."""

from __future__ import annotations

NOUNS: dict[str, tuple[str, ...]] = {
    "dog": ("dog", "dog", "puppy", "hound", "doggy"),
    "cat": ("cat", "cat", "kitten", "kitty", "tomcat"),
    "rabbit": ("rabbit", "rabbit", "bunny", "hare"),
    "robot": ("robot", "robot", "android", "machine"),
    "penguin": ("penguin",),
    "frog": ("frog", "frog", "toad"),
    "pig": ("pig", "pig", "piglet", "hog"),
    "ghost": ("ghost", "ghost", "spirit", "phantom", "spook"),
    "chick": ("chick", "chick", "chicken", "bird"),
    "octopus": ("octopus", "octopus", "squid"),
}
COATS: dict[str, tuple[str, ...]] = {
    "dog": ("brown",),
    "cat": ("orange", "ginger", "striped"),
    "rabbit": ("white",),
    "robot": ("blue", "metal", "grey"),
    "penguin": ("black and white",),
    "frog": ("green",),
    "pig": ("pink",),
    "ghost": ("pale", "floating"),
    "chick": ("yellow", "fluffy"),
    "octopus": ("purple", "violet"),
}
SIZES = ("little", "small", "cute", "cartoon")

VERBS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "bouncing": (
        ("bouncing", "bounces", "bounce"),
        ("bouncing up and down", "bounces up and down", "bounce up and down"),
        ("hopping up and down", "hops up and down", "hop up and down"),
        ("hopping in place", "hops in place", "hop in place"),
        ("bobbing up and down like a ball", "bobs up and down like a ball", "bob up and down like a ball"),
    ),
    "jumping": (
        ("jumping", "jumps", "jump"),
        ("jumping high", "jumps high", "jump high"),
        ("leaping into the air", "leaps into the air", "leap into the air"),
        ("taking big jumps", "takes big jumps", "take big jumps"),
        ("leaping", "leaps", "leap"),
    ),
    "running left": (
        ("running left", "runs left", "run left"),
        ("running to the left", "runs to the left", "run to the left"),
        ("dashing to the left", "dashes to the left", "dash to the left"),
        ("sprinting left", "sprints left", "sprint left"),
        ("racing towards the left", "races towards the left", "race towards the left"),
        ("rushing leftwards", "rushes leftwards", "rush leftwards"),
    ),
    "running right": (
        ("running right", "runs right", "run right"),
        ("running to the right", "runs to the right", "run to the right"),
        ("dashing to the right", "dashes to the right", "dash to the right"),
        ("sprinting right", "sprints right", "sprint right"),
        ("racing towards the right", "races towards the right", "race towards the right"),
        ("rushing rightwards", "rushes rightwards", "rush rightwards"),
    ),
    "spinning": (
        ("spinning", "spins", "spin"),
        ("spinning around", "spins around", "spin around"),
        ("twirling", "twirls", "twirl"),
        ("turning round and round", "turns round and round", "turn round and round"),
        ("whirling around", "whirls around", "whirl around"),
    ),
    "waving": (
        ("waving", "waves", "wave"),
        ("waving hello", "waves hello", "wave hello"),
        ("waving one arm", "waves one arm", "wave one arm"),
        ("greeting us", "greets us", "greet us"),
        ("saying hello with a wave", "says hello with a wave", "say hello with a wave"),
    ),
    "falling": (
        ("falling", "falls", "fall"),
        ("falling down", "falls down", "fall down"),
        ("tumbling down", "tumbles down", "tumble down"),
        ("dropping from above", "drops from above", "drop from above"),
        ("plunging down", "plunges down", "plunge down"),
    ),
    "flying up": (
        ("flying up", "flies up", "fly up"),
        ("flying upwards", "flies upwards", "fly upwards"),
        ("soaring up", "soars up", "soar up"),
        ("rising into the air", "rises into the air", "rise into the air"),
        ("taking off", "takes off", "take off"),
    ),
    "rolling": (
        ("rolling", "rolls", "roll"),
        ("rolling along", "rolls along", "roll along"),
        ("rolling over and over", "rolls over and over", "roll over and over"),
        ("doing somersaults", "does somersaults", "do somersaults"),
        ("rolling over the ground", "rolls over the ground", "roll over the ground"),
    ),
    "swaying": (
        ("swaying", "sways", "sway"),
        ("swaying from side to side", "sways from side to side", "sway from side to side"),
        ("swinging from side to side", "swings from side to side", "swing from side to side"),
        ("rocking back and forth", "rocks back and forth", "rock back and forth"),
        ("leaning from side to side", "leans from side to side", "lean from side to side"),
    ),
    "growing": (
        ("growing", "grows", "grow"),
        ("growing bigger", "grows bigger", "grow bigger"),
        ("getting bigger and bigger", "gets bigger and bigger", "get bigger and bigger"),
        ("becoming huge", "becomes huge", "become huge"),
        ("getting larger", "gets larger", "get larger"),
    ),
    "shrinking": (
        ("shrinking", "shrinks", "shrink"),
        ("getting smaller", "gets smaller", "get smaller"),
        ("getting smaller and smaller", "gets smaller and smaller", "get smaller and smaller"),
        ("becoming tiny", "becomes tiny", "become tiny"),
        ("shrinking away", "shrinks away", "shrink away"),
    ),
    "shaking": (
        ("shaking", "shakes", "shake"),
        ("trembling", "trembles", "tremble"),
        ("shivering", "shivers", "shiver"),
        ("quivering", "quivers", "quiver"),
        ("shaking all over", "shakes all over", "shake all over"),
    ),
    "dancing": (
        ("dancing", "dances", "dance"),
        ("dancing around", "dances around", "dance around"),
        ("doing a dance", "does a dance", "do a dance"),
        ("grooving", "grooves", "groove"),
        ("dancing from foot to foot", "dances from foot to foot", "dance from foot to foot"),
    ),
}
"""For each activity: (a dog is …, a dog …, they …)."""

PLAIN_VERBS = 2
"""How many of an activity's verbs, from the first, say nothing of a pace and so may take one."""
PACES: dict[str, tuple[str, ...]] = {
    "slow": ("slowly", "very slowly", "in slow motion", "at a slow pace", "slow"),
    "fast": ("quickly", "very quickly", "at high speed", "at a fast pace", "fast"),
}

PLACES: dict[str, tuple[str, ...]] = {
    "beach": ("on the beach", "at the beach", "by the sea", "at the seaside", "on the sand", "on the shore"),
    "forest": ("in the forest", "in the woods", "among the trees", "in a wood", "between the fir trees"),
    "city": ("in the city", "in town", "on the street", "in the city at night", "downtown", "under street lamps"),
    "snow": ("in the snow", "in a snowy landscape", "in the winter mountains", "on snowy ground", "in winter"),
    "room": ("in the living room", "in a room", "indoors", "at home", "in the house", "beside the sofa"),
    "meadow": ("in the meadow", "on the grass", "in a field", "among the flowers", "in the countryside"),
    "underwater": ("underwater", "under the sea", "under water", "at the bottom of the sea", "in the deep ocean"),
    "space": ("in space", "in outer space", "on the moon", "among the stars", "on a distant planet"),
    "desert": ("in the desert", "among the cactuses", "in the dry desert", "between the cacti", "among sand dunes"),
}  # fmt: skip

MOODS: dict[str, tuple[str, ...]] = {
    "happy": ("happy", "cheerful", "smiling", "joyful", "laughing"),
    "sad": ("sad", "unhappy", "crying", "gloomy", "tearful"),
    "angry": ("angry", "furious", "mad", "grumpy"),
    "surprised": ("surprised", "astonished", "amazed", "startled"),
    "scared": ("scared", "frightened", "terrified", "fearful"),
    "neutral": ("calm", "relaxed", "indifferent"),
}
AFTERWARDS: dict[str, tuple[str, ...]] = {
    "happy": ("with joy", "with a big smile", "looking happy", "and smiles"),
    "sad": ("in tears", "with a sad face", "looking sad", "and cries"),
    "angry": ("in anger", "with an angry face", "looking furious", "full of rage"),
    "surprised": ("in surprise", "with an open mouth", "looking surprised", "in astonishment"),
    "scared": ("in fear", "with a frightened face", "looking afraid", "in terror"),
    "neutral": ("calmly", "with a blank face", "looking calm"),
}
HOURS: dict[str, tuple[str, ...]] = {
    "day": ("during the day", "by day", "in daylight", "on a bright day"),
    "dusk": ("at sunset", "in the evening", "at dusk", "as the sun goes down"),
    "night": ("at night", "in the dark", "by night", "in the moonlight"),
}
NO_HOUR = ("city", "space", "underwater")
"""Scenes whose place says it already, or where nobody could tell."""

FRAMES = (
    "{who} {be} {doing} {where} {hour}",
    "{who} {be} {doing} {where} {hour}",
    "{who} {does} {where} {hour}",
    "{who} {does} {where} {after}",
    "{where}, {who} {be} {doing} {hour}",
    "{where}, {who} {does} {after}",
    "{who} {doing} {where}",
    "{who} {doing} {where} {after}",
    "there {be} {who} {doing} {where}",
    "we see {who} {doing} {where} {hour}",
    "{who} can be seen {doing} {where}",
    "{hour}, {who} {be} {doing} {where}",
    "a video of {who} {doing} {where}",
    "{bare} {doing} {where}",
    "{bare} {where} {doing}",
)
"""How a sentence runs; whatever is left out, with the comma after it, simply goes."""
IDLE_FRAME = "{who} {be} {where} {hour}"
"""For a sentence that leaves out what is done."""
