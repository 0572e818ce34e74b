/* What the memory allows: the columns that the engine reads and writes, read and written without any rule; and the
   triad as STREAM defines it. */
#include <stdint.h>

enum { ROWS = 4096 }; /* of each column at a time: they stay in the nearest cache until the next column's turn */

typedef struct {
    char *at;
    int64_t width;
    int64_t written;
} Column;

static uint64_t touch(const Column *columns, int64_t count, int64_t start, int64_t end)
{
    uint64_t sum = 0;
    for (int64_t row = start; row < end; row += ROWS) {
        int64_t rows = end - row < ROWS ? end - row : ROWS;
        for (const Column *c = columns; c < columns + count; c++) {
            uint64_t *words = (uint64_t *)(c->at + row * c->width);
            int64_t many = rows * c->width / 8;
            if (c->written)
                for (int64_t i = 0; i < many; i++)
                    words[i] = sum + i;
            else
                for (int64_t i = 0; i < many; i++)
                    sum += words[i];
        }
    }
    return sum;
}

uint64_t run(const Column *columns, int64_t count, int64_t n, int threads)
{
    uint64_t sum = 0;
    int64_t parts = threads > 1 ? 16 * threads : 1, blocks = n / ROWS + 1;
#pragma omp parallel for num_threads(threads) schedule(dynamic) reduction(+ : sum)
    for (int64_t part = 0; part < parts; part++) {
        int64_t end = blocks * (part + 1) / parts * ROWS;
        sum += touch(columns, count, blocks * part / parts * ROWS, end < n ? end : n);
    }
    return sum;
}

void triad(double *a, const double *b, const double *c, int64_t n, int threads)
{
#pragma omp parallel for num_threads(threads)
    for (int64_t i = 0; i < n; i++)
        a[i] = b[i] + 3.0 * c[i];
}
