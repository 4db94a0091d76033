"""Drawn shots told in other words: none of them may stand in a caption that an encoder is trained on."""

from __future__ import annotations

from indexer.samples.captions import Caption, Rng, one_of, with_article
from indexer.samples.script import Shot

TOLD_MOOD = 0.5
"""How often a sentence says what they feel."""

NOUNS: dict[str, tuple[str, ...]] = {
    "dog": ("canine", "pooch", "terrier"),
    "cat": ("feline", "tabby", "pussycat"),
    "rabbit": ("cottontail", "jackrabbit"),
    "robot": ("droid", "cyborg", "humanoid"),
    "penguin": ("antarctic seabird", "flightless seabird"),
    "frog": ("amphibian", "bullfrog"),
    "pig": ("swine", "boar", "sow"),
    "ghost": ("specter", "ghoul", "haunting wraith"),
    "chick": ("fledgling", "hatchling", "hen"),
    "octopus": ("cephalopod", "cuttlefish", "mollusc with tentacles"),
}
VERBS: dict[str, tuple[str, ...]] = {
    "bouncing": ("springing on the spot", "rebounding off the floor"),
    "jumping": ("vaulting", "bounding"),
    "running left": ("jogging leftward", "galloping leftward", "hurrying leftward"),
    "running right": ("jogging rightward", "galloping rightward", "hurrying rightward"),
    "spinning": ("rotating", "revolving", "pirouetting"),
    "waving": ("gesturing with a raised hand", "signaling with a hand", "welcoming somebody"),
    "falling": ("descending", "sinking", "plummeting"),
    "flying up": ("ascending", "climbing skyward", "levitating"),
    "rolling": ("cartwheeling", "wheeling across the floor", "flipping across the floor"),
    "swaying": ("tilting one way then the other", "wobbling", "teetering"),
    "growing": ("expanding", "swelling", "inflating"),
    "shrinking": ("contracting", "diminishing", "dwindling"),
    "shaking": ("vibrating", "jerking", "twitching"),
    "dancing": ("waltzing", "prancing", "partying at a disco"),
}
PLACES: dict[str, tuple[str, ...]] = {
    "beach": ("at the coast", "near the shoreline", "on the seashore"),
    "forest": ("in the woodland", "in a jungle", "near some pines"),
    "city": ("in a metropolis", "on an urban avenue", "near skyscrapers"),
    "snow": ("amid frost", "on an icy slope", "in a blizzard"),
    "room": ("inside an apartment", "in the lounge", "near a couch"),
    "meadow": ("in a pasture", "on the prairie", "on a lawn"),
    "underwater": ("submerged near coral", "beneath the surface of a lagoon", "near a reef"),
    "space": ("in the cosmos", "in orbit", "in the galaxy"),
    "desert": ("in the sahara", "in an arid wasteland", "on parched land"),
}
MOODS: dict[str, tuple[str, ...]] = {
    "happy": ("delighted", "grinning", "merry"),
    "sad": ("weeping", "miserable", "heartbroken"),
    "angry": ("enraged", "outraged", "annoyed"),
    "surprised": ("shocked", "stunned", "astounded"),
    "scared": ("panicked", "alarmed", "nervous"),
    "neutral": ("serene", "placid", "peaceful"),
}
SENTENCES = ("{who} {be} {doing} {where}", "{where}, {who} {be} {doing}", "{who} {doing} {where}")


def paraphrase_shot(shot: Shot, rng: Rng) -> Caption:
    """One sentence of who, what and where, and at times of what they feel, in lower case without full stop."""
    mood = one_of(rng, MOODS[shot.emotion]) if rng.random() < TOLD_MOOD else ""
    names = [f"{mood if k == 0 else ''} {one_of(rng, NOUNS[name])}".strip() for k, name in enumerate(shot.characters)]
    text = one_of(rng, SENTENCES).format(
        who=" and ".join(with_article(name) for name in names),
        be="are" if len(names) > 1 else "is",
        doing=one_of(rng, VERBS[shot.activity]),
        where=one_of(rng, PLACES[shot.scene]),
    )
    return Caption(text, frozenset({"characters", "activity", "scene"} | ({"emotion"} if mood else set())))
