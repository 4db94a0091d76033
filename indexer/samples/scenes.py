"""The places: each painter fills a stage of layers, far to near; where things stand depends on the seed alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from indexer.samples.canvas import Canvas, Colour, mix, shade
from indexer.samples.scenery import buildings, furniture, land, plants, sky
from indexer.samples.scenery.palette import SKY, WIDE, Rng, pick


@dataclass(frozen=True, slots=True)
class Stage:
    """The canvases of one scene's layers, with the light of the hour."""

    far: Canvas
    """Opaque: sky and distance."""
    middle: Canvas
    ground: Canvas
    """Where the characters stand; its upper edge is open."""
    near: Canvas
    """Before the characters, only a strip at the bottom."""
    light: str


GROUND = 0.9
"""The height at which feet stand, in unit coordinates."""
CLOTH: tuple[Colour, ...] = ((84, 132, 158), (176, 92, 92), (104, 146, 104), (214, 160, 72))


def beach(stage: Stage, rng: Rng) -> None:
    """Sea to the horizon, sand, a palm, a parasol, shells."""
    sky.overhead(stage.far, rng, stage.light, bottom=0.52)
    far = stage.far
    far.gradient(0.5, 1.0, (36, 130, 190), (84, 196, 214))
    land.glitter(far, rng, 0.53, 0.7)
    if rng.random() < 0.6:
        buildings.sailing_boat(far, rng.uniform(-0.6, 0.6), 0.53, rng.uniform(0.06, 0.1))
    land.hills(stage.middle, rng, 0.66, 0.008, (196, 238, 240))
    land.hills(stage.middle, rng, 0.675, 0.008, (238, 208, 150))
    for _ in range(3):
        plants.palm(stage.middle, rng, rng.uniform(-WIDE, WIDE), 0.76, rng.uniform(0.4, 0.55))
    land.hills(stage.ground, rng, 0.75, 0.012, (246, 220, 164))
    for _ in range(4):
        x, y = rng.uniform(-WIDE, WIDE), rng.uniform(0.8, 0.84)
        if rng.random() < 0.5:
            buildings.parasol(stage.ground, rng, x, y)
        else:
            buildings.sandcastle(stage.ground, x, y, rng.uniform(0.08, 0.12))
    land.specks(stage.ground, rng, 60, (0.8, 1.0), (0.004, 0.008), ((226, 192, 132), (255, 240, 214)))
    land.starfish(stage.ground, rng)


def forest(stage: Stage, rng: Rng) -> None:
    """Rows of trees fading into mist, ferns, mushrooms."""
    sky.overhead(stage.far, rng, stage.light, bottom=0.8)
    mist = SKY[stage.light][1]
    for depth, haze in ((0.62, 0.55), (0.68, 0.3)):
        land.hills(stage.far, rng, depth, 0.02, mix((58, 120, 70), mist, haze))
        for _ in range(16):
            tone = mix((44, 110, 66), mist, haze)
            plants.fir(stage.far, rng.uniform(-1.6, 1.6), depth + 0.03, rng.uniform(0.3, 0.5), tone)
    land.hills(stage.middle, rng, 0.74, 0.015, (70, 140, 70))
    for _ in range(9):
        x, size = rng.uniform(-WIDE, WIDE), rng.uniform(0.55, 0.8)
        if rng.random() < 0.5:
            plants.fir(stage.middle, x, 0.79, size, (36, 106, 62))
        else:
            plants.leafy_tree(stage.middle, rng, x, 0.79, size, (76, 152, 62))
    land.hills(stage.ground, rng, 0.79, 0.012, (104, 164, 78))
    for _ in range(7):
        plants.mushroom(stage.ground, rng.uniform(-WIDE, WIDE), rng.uniform(0.81, 0.84), rng.uniform(0.04, 0.07))
    plants.tufts(stage.ground, rng, 50, (0.81, 0.99), (74, 134, 58))
    plants.tufts(stage.near, rng, 60, (1.0, 1.04), (40, 92, 48), size=0.1)


def city(stage: Stage, rng: Rng) -> None:
    """Lit windows, a moon, street lamps, a wet street."""
    sky.overhead(stage.far, rng, "night", bottom=0.85)
    buildings.towers(stage.far, rng, 0.85, (0.3, 0.5), (44, 48, 92), windows=0.25)
    buildings.towers(stage.middle, rng, 0.82, (0.22, 0.58), (30, 32, 66), windows=0.5)
    ground = stage.ground
    ground.box(-WIDE, 0.79, WIDE, 0.83, (108, 104, 130))
    ground.box(-WIDE, 0.826, WIDE, 1.1, (62, 60, 82))
    for x in np.arange(-WIDE, WIDE, 0.34):
        dash = [(x, 0.96), (x + 0.16, 0.96), (x + 0.145, 0.975), (x - 0.015, 0.975)]
        ground.shape(dash, (222, 200, 120))
    shift = rng.uniform(0, 0.9)
    for k in range(-3, 4):
        buildings.street_lamp(ground, k * 0.95 + shift, 0.82)


def snow(stage: Stage, rng: Rng) -> None:
    """Mountains, white hills, snowed firs, a cabin, a snowman."""
    sky.overhead(stage.far, rng, stage.light, bottom=0.7)
    land.mountains(stage.far, rng, 0.64, (132, 152, 190))
    land.hills(stage.far, rng, 0.6, 0.03, (214, 226, 242))
    land.hills(stage.middle, rng, 0.7, 0.03, (228, 236, 248))
    for _ in range(8):
        x, size = rng.uniform(-WIDE, WIDE), rng.uniform(0.25, 0.45)
        plants.fir(stage.middle, x, 0.76, size, (64, 112, 112), capped=True)
    buildings.cabin(stage.middle, rng.uniform(-0.9, 0.9), 0.77, rng.uniform(0.2, 0.28), lit=stage.light != "day")
    land.hills(stage.ground, rng, 0.78, 0.02, (244, 248, 254))
    for _ in range(3):
        buildings.snowman(stage.ground, rng.uniform(-WIDE, WIDE), 0.83, rng.uniform(0.13, 0.18))
    land.specks(stage.ground, rng, 50, (0.82, 1.0), (0.006, 0.014), ((226, 234, 246), (255, 255, 255)))
    land.hills(stage.near, rng, 0.985, 0.015, (232, 240, 252))


def room(stage: Stage, rng: Rng) -> None:
    """A papered wall, a window on the hour of the day, pictures, a sofa, a carpet."""
    wall = pick(rng, ((250, 214, 190), (190, 218, 222), (226, 212, 236), (214, 228, 194)))
    furniture.wallpaper(stage.middle, wall)
    for k in range(-2, 3):
        x = 1.15 * k + rng.uniform(-0.15, 0.15)
        furniture.window(stage.middle, rng, x, 0.33, stage.light)
        furniture.picture(stage.middle, rng, x + 0.5, rng.uniform(0.26, 0.34))
    ground = stage.ground
    ground.box(-WIDE, 0.735, WIDE, 0.765, shade(wall, 0.6))
    furniture.floorboards(ground, 0.765, (202, 148, 98))
    for k in range(-1, 3):
        x = 1.5 * k - 0.75 + rng.uniform(-0.2, 0.2)
        furniture.sofa(ground, x, 0.8, pick(rng, CLOTH))
        if rng.random() < 0.6:
            furniture.pot_plant(ground, x + 0.62, 0.8)
        else:
            furniture.floor_lamp(ground, x + 0.62, 0.8, lit=stage.light != "day")
    ground.oval(0, 0.91, 0.85, 0.075, shade(pick(rng, CLOTH), 0.25))
    ground.oval(0, 0.91, 0.77, 0.062, shade(pick(rng, CLOTH), 0.5))


def meadow(stage: Stage, rng: Rng) -> None:
    """Rolling hills, a barn or a windmill, a fence, flowers."""
    sky.overhead(stage.far, rng, stage.light, bottom=0.75)
    mist = SKY[stage.light][1]
    land.hills(stage.far, rng, 0.55, 0.05, mix((128, 186, 120), mist, 0.5))
    land.hills(stage.far, rng, 0.62, 0.05, mix((134, 196, 92), mist, 0.25))
    x = rng.uniform(-0.7, 0.7)
    if rng.random() < 0.5:
        buildings.windmill(stage.far, x, 0.64, 0.24, rng.uniform(0, 1.5))
    else:
        buildings.barn(stage.far, x, 0.64, 0.2)
    land.hills(stage.middle, rng, 0.71, 0.03, (126, 196, 82))
    for _ in range(6):
        size = rng.uniform(0.3, 0.45)
        plants.leafy_tree(stage.middle, rng, rng.uniform(-WIDE, WIDE), 0.755, size, (84, 164, 76))
    land.hills(stage.ground, rng, 0.77, 0.015, (152, 210, 92))
    buildings.fence(stage.ground, 0.8)
    plants.tufts(stage.ground, rng, 40, (0.82, 0.99), (112, 176, 66))
    plants.flowers(stage.ground, rng, 45, (0.82, 0.99), 0.015)
    plants.tufts(stage.near, rng, 50, (1.0, 1.04), (84, 150, 56), size=0.08)
    plants.flowers(stage.near, rng, 14, (0.975, 1.0), 0.028)


def underwater(stage: Stage, rng: Rng) -> None:
    """Rays from above, corals, sea grass, fish, a sandy floor."""
    stage.far.gradient(0.0, 1.0, (70, 196, 226), (14, 66, 132))
    sky.light_rays(stage.far, rng, (150, 232, 244))
    land.hills(stage.far, rng, 0.7, 0.05, (28, 96, 152))
    for _ in range(7):
        land.fish(stage.far, rng, rng.uniform(-1.4, 1.4), rng.uniform(0.12, 0.6), rng.uniform(0.035, 0.06))
    land.hills(stage.middle, rng, 0.76, 0.03, (42, 116, 150))
    for _ in range(10):
        plants.sea_grass(stage.middle, rng, rng.uniform(-WIDE, WIDE), 0.82, rng.uniform(0.2, 0.42))
    for _ in range(9):
        plants.coral(stage.middle, rng, rng.uniform(-WIDE, WIDE), 0.82, rng.uniform(0.13, 0.26))
    land.hills(stage.ground, rng, 0.8, 0.02, (212, 198, 150))
    land.specks(stage.ground, rng, 50, (0.83, 1.0), (0.005, 0.012), ((186, 172, 128), (236, 224, 182)))
    land.starfish(stage.ground, rng)


def space(stage: Stage, rng: Rng) -> None:
    """Stars, a planet with a ring, a cratered moon to stand on, a rocket."""
    stage.far.gradient(0.0, 1.0, (14, 10, 38), (54, 30, 92))
    for _ in range(3):
        tone = pick(rng, ((150, 60, 170), (50, 90, 190), (190, 70, 120)))
        stage.far.glow(rng.uniform(-1.0, 1.0), rng.uniform(0.1, 0.6), rng.uniform(0.3, 0.5), tone, 0.4)
    sky.stars(stage.far, rng, 110, bottom=0.85)
    sky.planet(stage.far, rng, rng.uniform(-0.55, 0.55), rng.uniform(0.16, 0.3), rng.uniform(0.09, 0.16))
    land.hills(stage.middle, rng, 0.74, 0.05, (98, 94, 128))
    for _ in range(3):
        buildings.rocket(stage.middle, rng.uniform(-WIDE, WIDE), 0.77, rng.uniform(0.24, 0.32))
    land.hills(stage.ground, rng, 0.79, 0.02, (156, 152, 178))
    land.craters(stage.ground, rng, 26)


def desert(stage: Stage, rng: Rng) -> None:
    """Dunes, mesas, cacti, stones."""
    sky.overhead(stage.far, rng, stage.light, bottom=0.7)
    land.mesas(stage.far, rng, 0.66, mix((206, 112, 78), SKY[stage.light][1], 0.25))
    land.hills(stage.far, rng, 0.62, 0.03, (238, 178, 104))
    land.hills(stage.middle, rng, 0.69, 0.04, (234, 164, 88))
    for _ in range(8):
        plants.cactus(stage.middle, rng.uniform(-WIDE, WIDE), 0.76, rng.uniform(0.2, 0.4))
    land.hills(stage.ground, rng, 0.78, 0.025, (244, 190, 112))
    for _ in range(14):
        land.stone(stage.ground, rng, rng.uniform(-WIDE, WIDE), rng.uniform(0.81, 0.99), rng.uniform(0.012, 0.035))
    land.ripples(stage.ground, rng, (226, 168, 94))


PAINTERS: dict[str, Callable[[Stage, Rng], None]] = {
    "beach": beach,
    "forest": forest,
    "city": city,
    "snow": snow,
    "room": room,
    "meadow": meadow,
    "underwater": underwater,
    "space": space,
    "desert": desert,
}
