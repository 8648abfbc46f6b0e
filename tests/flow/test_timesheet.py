import numpy as np

import sim
from sim.flow import Timesheet, build, rostered
from sim.world import draw_world, in_force


def test_seconds_on_duty_are_those_of_the_roster_that_is_asked_for():
    world = draw_world(in_force(sim.load("one-office")), seed=1)
    tables, sheet = build(world).tables, Timesheet(world)
    period = world.begin_s, world.end_s
    whole = sheet.on_duty(tables, *period).copy()
    assert (whole > 0).any()
    nobody = rostered(tables, [person.duty[:0] for person in world.people])
    np.testing.assert_array_equal(sheet.on_duty(nobody, *period), np.zeros_like(whole))
    np.testing.assert_array_equal(sheet.on_duty(tables, *period), whole)
