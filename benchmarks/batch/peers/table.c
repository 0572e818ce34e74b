/* The engine's kernel and walk, function by function, as C has them: the same rule table, the same cells, the same
   outcome. `names.h` is written from the engine before this is compiled: the structs Rules, Visits, Memory and Paid, and
   the engine's numbers, those of the kernel after K_, those of the walk after W_. */
#include <stdint.h>
#include <stdlib.h>
#include "names.h"

typedef int64_t num;

static inline num min(num a, num b) { return a < b ? a : b; }
static inline num max(num a, num b) { return a > b ? a : b; }
static inline num half_up(num parts) { return (uint64_t)(parts + K_PPM / 2) / K_PPM; }

static inline num deductible_of(const num *p, const num *s)
{
    num used = s[p[K_USED_DEDUCTIBLE]], amount = p[K_DEDUCTIBLE];
    if (!p[K_PER_VISIT])
        return max(amount - used, 0);
    if (p[K_STAYS] >= 0) {
        num before = s[p[K_STAYS]];
        if (before > 0)
            amount = p[K_DEDUCTIBLE_AGAIN + min(before, K_STAYS_NAMED - 1) - 1];
        if (before >= K_STAYS_NAMED)
            amount = max(amount - p[K_DEDUCTIBLE_LESS] * (before - K_STAYS_NAMED + 1), p[K_DEDUCTIBLE_FLOOR]);
    }
    return min(amount, max(p[K_DEDUCTIBLE_TOP] - used, 0));
}

static inline num band_start(const num *p, const num *s, num deductible)
{
    num start = 0;
    if (p[K_BAND_YEARLY]) {
        start = s[p[K_USED_COST]];
        if (p[K_BAND_WITH_DEDUCTIBLE])
            start += s[p[K_USED_DEDUCTIBLE]];
    }
    return p[K_BAND_WITH_DEDUCTIBLE] ? start + deductible : start;
}

static inline num parts_of(const num *p, const num *s, num eligible, num deductible)
{
    num bands = p[K_BANDS];
    if (bands == 0)
        return eligible * p[K_SHARE];
    num at = band_start(p, s, deductible), end = at + eligible, total = 0;
    for (num band = 0; band < bands; band++) {
        num upto = min(end, p[K_BAND_UPTO + band]);
        if (upto > at) {
            total += (upto - at) * p[K_BAND_PPM + band];
            at = upto;
        }
    }
    return total + (end - at) * p[K_SHARE];
}

/* Called after the cells have moved, so that the visit is taken off them again. */
static num cost_of(const num *p, const num *s, num eligible, num deductible, num fund)
{
    num start = 0, bands = p[K_BANDS];
    if (bands > 0) {
        start = band_start(p, s, deductible);
        if (p[K_BAND_YEARLY])
            start -= eligible + (p[K_BAND_WITH_DEDUCTIBLE] ? deductible : 0);
    }
    num need = fund * K_PPM, at = start;
    for (num band = 0; band <= bands; band++) {
        num upto = start + eligible, ppm = p[K_SHARE];
        if (band < bands) {
            upto = min(upto, p[K_BAND_UPTO + band]);
            ppm = p[K_BAND_PPM + band];
        }
        if (upto > at) {
            if (need <= (upto - at) * ppm)
                return at - start + (ppm > 0 ? (need + ppm - 1) / ppm : 0);
            need -= (upto - at) * ppm;
            at = upto;
        }
    }
    return at - start;
}

static inline num pay(const num *p, num *s, num base, num *o)
{
    num at_home = p[K_UPFRONT_AT_HOME] ? half_up(base * p[K_UPFRONT_AT_HOME]) : 0;
    num rest = base - at_home, away = 0, away_ppm = p[K_UPFRONT_AWAY];
    if (away_ppm && !p[K_UPFRONT_LAST])
        away = half_up(rest * away_ppm);
    num deductible = min(rest - away, deductible_of(p, s));
    if (away_ppm && p[K_UPFRONT_LAST])
        away = half_up((rest - deductible) * away_ppm);
    num left = rest - away - deductible, cost_room = K_NO_LIMIT, fund_room = K_NO_LIMIT;
    const num *first = p + K_CEILING, *last = first + K_CEILING_WIDTH * p[K_CEILINGS];
    for (const num *c = first; c < last; c += K_CEILING_WIDTH) {
        num room = c[1] >= 0 ? max(c[0] - s[c[1]], 0) : c[0];
        if (c[2])
            cost_room = min(cost_room, room);
        else
            fund_room = min(fund_room, room);
    }
    num eligible = min(left, cost_room);
    num gross = half_up(parts_of(p, s, eligible, deductible)), fund = min(gross, fund_room);
    for (const num *c = first; c < last; c += K_CEILING_WIDTH)
        if (c[3])
            s[c[1]] += c[2] ? eligible : fund;
    s[p[K_USED_DEDUCTIBLE]] += deductible;
    s[p[K_USED_COST]] += eligible;
    s[p[K_USED_FUND]] += fund;
    if (p[K_STAYS] >= 0)
        s[p[K_STAYS]] += 1;
    o[K_BASED] = base;
    o[K_AT_HOME] = at_home;
    o[K_AWAY] = away;
    o[K_TAKEN] = deductible;
    o[K_OVER_COST] = left - eligible;
    o[K_GROSS] = gross;
    o[K_FUND] = fund;
    return fund;
}

/* As `pay`, by a row of the commonest shape. */
static inline num pay_plain(const num *p, num *s, num base, num *o)
{
    num deductible = min(base, max(p[K_DEDUCTIBLE] - s[p[K_USED_DEDUCTIBLE]], 0)), eligible = base - deductible;
    num gross = half_up(eligible * p[K_SHARE]), cell = p[K_CEILING + 1];
    num fund = min(gross, max(p[K_CEILING] - s[cell], 0));
    s[p[K_USED_DEDUCTIBLE]] += deductible;
    s[p[K_USED_COST]] += eligible;
    s[p[K_USED_FUND]] += fund;
    if (cell != p[K_USED_FUND])
        s[cell] += fund;
    o[K_BASED] = base;
    o[K_AT_HOME] = o[K_AWAY] = o[K_OVER_COST] = 0;
    o[K_TAKEN] = deductible;
    o[K_GROSS] = gross;
    o[K_FUND] = fund;
    return fund;
}

static inline num settle(const num *table, num row, num *s, num in_scope, num *o)
{
    num paid = 0, upfront = 0, beyond = 0;
    while (row >= 0) {
        const num *p = table + row;
        num kind = p[K_BASE], base = in_scope;
        if (kind == K_PERSON)
            base = max(in_scope - paid - upfront, 0);
        else if (kind == K_PERSON_AND_UPFRONT)
            base = in_scope - paid;
        else if (kind == K_BEYOND_CEILING)
            base = min(beyond, max(in_scope - paid - upfront, 0));
        num fund = pay(p, s, base, o);
        if (kind == K_BEYOND_CEILING)
            beyond -= fund;
        if (kind == K_IN_SCOPE) {
            upfront = o[K_AT_HOME] + o[K_AWAY];
            if (p[K_NEXT] >= 0) {
                beyond = o[K_OVER_COST];
                if (fund < o[K_GROSS]) {
                    num left = base - upfront - o[K_TAKEN] - o[K_OVER_COST];
                    beyond += left - cost_of(p, s, left, o[K_TAKEN], fund);
                }
            }
        }
        paid += fund;
        o += K_OUTCOME;
        row = p[K_NEXT];
    }
    return paid;
}

static inline void clear(num *cells, num width)
{
    for (num cell = 0; cell < width; cell++)
        cells[cell] = 0;
}

static num kept_place(const Memory *m, num account)
{
    num place = 0;
    while (place < m->state[W_KEPT] && m->kept_accounts[place] != account)
        place++;
    return place;
}

static int change_account(const Memory *m, num width, num account)
{
    num left = kept_place(m, m->state[W_ACCOUNT]);
    if (left == m->state[W_ROOM])
        return 0;
    if (left == m->state[W_KEPT])
        m->state[W_KEPT]++;
    m->kept_accounts[left] = m->state[W_ACCOUNT];
    m->kept_months[left] = m->state[W_MONTH];
    for (num cell = 0; cell < width; cell++)
        m->kept[left * width + cell] = m->cells[cell];
    clear(m->cells, width);
    num come = kept_place(m, account);
    if (come < m->state[W_KEPT]) {
        m->state[W_MONTH] = m->kept_months[come];
        for (num cell = 0; cell < width; cell++)
            m->cells[cell] = m->kept[come * width + cell];
    }
    m->state[W_ACCOUNT] = account;
    return 1;
}

static inline num month_of(const Rules *r, num day)
{
    num month = (day * W_MONTHS_OF_CYCLE + W_DAYS_OF_CYCLE / 10) / W_DAYS_OF_CYCLE;
    return month - (r->months[month] > day);
}

static inline void start_anew(const Rules *r, num *cells, num before, num month)
{
    if (month == before)
        return;
    if (month / W_MONTHS_OF_YEAR != before / W_MONTHS_OF_YEAR)
        clear(cells, r->sizes[W_CELLS]);
    if (month / 3 != before / 3)
        for (num place = 0; place < r->sizes[W_QUARTERLY]; place++)
            cells[r->quarterly[place]] = 0;
    for (num place = 0; place < r->sizes[W_MONTHLY]; place++)
        cells[r->monthly[place]] = 0;
}

/* The person's part of the keys, or less than 0; `until` becomes its last day. */
static num turn_to(const Rules *r, const Memory *m, const Visits *v, num i, num *until)
{
    num *state = m->state, day = v->day[i], pool = v->pool[i], standing = v->standing[i];
    num month = month_of(r, day), account = 2 * pool + (standing >= W_RESIDENTS_FROM);
    if (v->person[i] != state[W_PERSON]) {
        state[W_PERSON] = v->person[i];
        state[W_ACCOUNT] = account;
        state[W_MONTH] = month;
        state[W_KEPT] = 0;
        clear(m->cells, r->sizes[W_CELLS]);
    } else if (account != state[W_ACCOUNT] && !change_account(m, r->sizes[W_CELLS], account)) {
        state[W_STOPPED] = W_FOR_ROOM;
        return W_UNKNOWN;
    }
    start_anew(r, m->cells, state[W_MONTH], month);
    state[W_MONTH] = month;
    num version = r->first[pool];
    if (version == 0) {
        state[W_STOPPED] = W_FOR_RULE;
        return W_UNKNOWN;
    }
    while (r->until[version] <= day)
        version++;
    num step = r->sizes[W_STEP];
    *until = min(r->until[version], r->months[(month / step + 1) * step]);
    num band = r->bands[r->ages[version] + v->age[i] + 1];
    num person = (version * W_STANDINGS + standing) * W_BANDS + band;
    return (person * W_TRAITS + (v->traits[i] & r->traits[version])) * W_FORMS;
}

static void refuse(const Memory *m, const Paid *paid, num i, num reason)
{
    m->state[W_REFUSED]++;
    paid->deductible[i] = paid->fund[i] = paid->layers[i] = paid->upfront[i] = 0;
    paid->flags[i] = 0;
    paid->reason[i] = reason;
}

static num pay_range(const Rules *r, const Memory *m, num row, num in_scope)
{
    num width = r->sizes[W_CELLS];
    for (num cell = 0; cell < width; cell++)
        m->before[cell] = m->cells[cell];
    settle(r->table, row, m->cells, in_scope, m->outcome);
    for (const num *o = m->outcome; row >= 0; o += K_OUTCOME, row = r->table[row + K_NEXT]) {
        for (num number = 0; number < r->table[row + K_CEILINGS]; number++) {
            num place = (row / K_WIDTH * K_CEILINGS_MOST + number) * W_RANGE_WIDTH;
            const num *ceiling = r->table + row + K_CEILING + number * K_CEILING_WIDTH;
            num cost = o[K_BASED] - o[K_AT_HOME] - o[K_AWAY] - o[K_TAKEN];
            num reached = ceiling[2] ? cost - o[K_OVER_COST] : o[K_FUND];
            if (ceiling[1] >= 0)
                reached += m->before[ceiling[1]];
            if (reached > r->ranges[place]) {
                for (num cell = 0; cell < width; cell++)
                    m->cells[cell] = m->before[cell];
                m->state[W_RANGE_PASSED] = place;
                m->state[W_REACHED] = reached;
                return r->ranges[place + 1];
            }
        }
    }
    return W_PAID;
}

static num funds_of(const num *table, num row, const num *o)
{
    num funds = 0;
    for (; row >= 0; o += K_OUTCOME, row = table[row + K_NEXT])
        funds += o[K_FUND];
    return funds;
}

num walk(const Rules *r, const Visits *v, const Memory *m, const Paid *paid, num start, num end)
{
    const num *o = m->outcome;
    num last = r->sizes[W_KEYS] - 1;
    num person = W_NOBODY, pool = 0, standing = 0, age = 0, traits = 0, until = 0, who = 0, spot = 0;
    m->state[W_STOPPED] = 0;
    for (num i = start; i < end; i++) {
        if (v->person[i] != person || v->day[i] >= until || v->pool[i] != pool || v->standing[i] != standing
            || v->age[i] != age || v->traits[i] != traits) {
            person = v->person[i], pool = v->pool[i], standing = v->standing[i];
            age = v->age[i], traits = v->traits[i];
            who = turn_to(r, m, v, i, &until);
            if (who < 0)
                return i;
            spot = who % W_PRIME;
        }
        num form = v->slot[i] * W_SITUATIONS + v->situation[i], place = (spot + form * W_SPREAD) & last;
        while (r->keys[place] != who + form) {
            if (r->keys[place] == W_UNKNOWN) {
                m->state[W_STOPPED] = W_FOR_RULE;
                return i;
            }
            place = (place + 1) & last;
        }
        num row = r->rows[place * W_LEVELS + v->level[i]], funds;
        if (row < 0) {
            if (row == W_UNKNOWN) {
                m->state[W_STOPPED] = W_FOR_RULE;
                return i;
            }
            refuse(m, paid, i, W_UNKNOWN - row);
            continue;
        }
        if (row & W_RANGE) {
            num reason = pay_range(r, m, row >> 2, v->in_scope[i]);
            if (reason < 0) {
                m->state[W_STOPPED] = W_FOR_REASON;
                return i;
            }
            if (reason != W_PAID) {
                refuse(m, paid, i, reason);
                continue;
            }
            funds = funds_of(r->table, row >> 2, o);
        } else if (r->table[(row >> 2) + K_PLAIN])
            funds = pay_plain(r->table + (row >> 2), m->cells, v->in_scope[i], m->outcome);
        else
            funds = settle(r->table, row >> 2, m->cells, v->in_scope[i], m->outcome);
        paid->deductible[i] = o[K_TAKEN];
        paid->fund[i] = o[K_FUND];
        paid->layers[i] = funds - o[K_FUND];
        paid->upfront[i] = o[K_AT_HOME] + o[K_AWAY];
        paid->flags[i] = W_CUT * (o[K_GROSS] > o[K_FUND]) + W_OVER_CEILING * (o[K_OVER_COST] > 0)
                         + W_UNVERIFIED / W_NOT_VERIFIED * (row & W_NOT_VERIFIED);
        paid->reason[i] = W_PAID;
    }
    return end;
}

/* The place of a cut, moved on to where a person begins. */
static num cut(const Visits *v, num i, num n)
{
    while (0 < i && i < n && v->person[i] == v->person[i - 1])
        i++;
    return i;
}

/* Walk over all visits, each part of them with a memory of its own; returns how many were not paid. */
num run(const Rules *r, const Visits *v, const Paid *paid, num n, num room, int threads)
{
    num parts = threads > 1 ? 16 * threads : 1, missing = 0, width = r->sizes[W_CELLS];
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : missing)
    for (num part = 0; part < parts; part++) {
        num *at = calloc(W_STATE + 2 * width + room * (width + 2) + K_LAYERS_MOST * K_OUTCOME, sizeof(num));
        Memory m = {.state = at, .cells = at + W_STATE};
        m.before = m.cells + width;
        m.kept = m.before + width;
        m.kept_accounts = m.kept + room * width;
        m.kept_months = m.kept_accounts + room;
        m.outcome = m.kept_months + room;
        m.state[W_PERSON] = W_NOBODY;
        m.state[W_ROOM] = room;
        num end = cut(v, n * (part + 1) / parts, n);
        missing += end - walk(r, v, &m, paid, cut(v, n * part / parts, n), end);
        free(at);
    }
    return missing;
}
