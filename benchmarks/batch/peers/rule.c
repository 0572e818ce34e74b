/* The one rule with its numbers compiled in, for what a hand-written kernel can reach. `numbers.h` is written from the
   packs before this is compiled: types of the columns, DEDUCTIBLE, SHARE, CEILING, YEARS. */
#include <stdint.h>
#include <string.h>
#include "numbers.h"

enum { PPM = 1000000 };

typedef struct {
    const person_t *person;
    const day_t *day;
    const standing_t *standing;
    const level_t *level;
    const slot_t *slot;
    const in_scope_t *in_scope;
    int64_t *deductible, *fund;
    uint8_t *flags;
} Field;

static void pay(const Field *f, int64_t start, int64_t end)
{
    person_t person = -1;
    int64_t until = 0, counted[SLOTS] = {0}, left[SLOTS] = {0}; /* but for slot 0 no deductible is ever left */
    for (int64_t i = start; i < end; i++) {
        if (f->person[i] != person || f->day[i] >= until) {
            const int64_t *year = YEARS;
            while (*year <= f->day[i])
                year++;
            until = *year;
            person = f->person[i];
            left[0] = DEDUCTIBLE;
            memset(counted, 0, sizeof counted);
        }
        int64_t in_scope = f->in_scope[i], slot = f->slot[i], standing = f->standing[i];
        int64_t deductible = left[slot] < in_scope ? left[slot] : in_scope;
        left[slot] -= deductible;
        int64_t gross = (uint64_t)((in_scope - deductible) * SHARE[standing][slot][f->level[i]] + PPM / 2) / PPM;
        int64_t room = CEILING[standing][slot] - counted[slot], fund = gross < room ? gross : room;
        counted[slot] += fund;
        f->deductible[i] = deductible;
        f->fund[i] = fund;
        f->flags[i] = gross > fund;
    }
}

/* The place of a cut, moved on to where a person begins. */
static int64_t cut(const Field *f, int64_t i, int64_t n)
{
    while (0 < i && i < n && f->person[i] == f->person[i - 1])
        i++;
    return i;
}

void run(const Field *f, int64_t n, int threads)
{
    int64_t parts = threads > 1 ? 16 * threads : 1;
#pragma omp parallel for num_threads(threads) schedule(dynamic)
    for (int64_t part = 0; part < parts; part++)
        pay(f, cut(f, n * part / parts, n), cut(f, n * (part + 1) / parts, n));
}
