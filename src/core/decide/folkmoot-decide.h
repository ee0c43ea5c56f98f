/* libfolkmoot-decide: collective choices counted exactly, with every reason as data.
 *
 *	cc $(pkg-config --cflags folkmoot-decide) count.c $(pkg-config --libs folkmoot-decide)
 *
 * Everything is pure: data and a seed in, an outcome out; no files, no clock, no globals. Memory comes
 * from an arena that the caller passes (base/arena.h) and gives back whole. Where to begin:
 *
 * - money: pabulib.h reads a .pb file, election.h takes ballots from anywhere, method.h names the
 *   rule, outcome.h counts, limits.h is what winners must keep to besides the budget; why_lost.h,
 *   measure.h and sensitivity.h say more of what came of it, picture.h draws it
 * - rankings, offices and scores: ranked/files.h, ranked/method.h, ranked/outcome.h, ranked/scores.h
 * - people by lot: panel/pool.h, panel/sortition.h; draws and turns: lots.h
 * - thresholds: consent.h; matching funds: matching_money.h; who gets which thing: allotment.h
 */
#ifndef FOLKMOOT_DECIDE_H
#define FOLKMOOT_DECIDE_H

#include "base/arena.h"
#include "core/decide/allotment.h"
#include "core/decide/consent.h"
#include "core/decide/csv.h"
#include "core/decide/election.h"
#include "core/decide/limits.h"
#include "core/decide/limits_file.h"
#include "core/decide/lots.h"
#include "core/decide/matching_money.h"
#include "core/decide/measure.h"
#include "core/decide/method.h"
#include "core/decide/outcome.h"
#include "core/decide/pabulib.h"
#include "core/decide/picture.h"
#include "core/decide/panel/picture.h"
#include "core/decide/panel/pool.h"
#include "core/decide/panel/sortition.h"
#include "core/decide/ranked/files.h"
#include "core/decide/ranked/method.h"
#include "core/decide/ranked/outcome.h"
#include "core/decide/ranked/picture.h"
#include "core/decide/ranked/scores.h"
#include "core/decide/sensitivity.h"
#include "core/decide/why_lost.h"

#endif
