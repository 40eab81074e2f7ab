/* The vocoder's arithmetic on x86-64 with AVX2: convolutions over time and matrix products, on one thread, allocating nothing.
 *
 * In: signals (time, channels) float32, channels innermost and a multiple of 16; weights as sambert_build.kernels lays them out.
 * Out: signals of the same kind. sambert/vocoder/kernels.py calls this file and checks every size before it does.
 *
 * A convolution is done by Toom-Cook: four outputs of four taps are seven products instead of sixteen (the formulas and their
 * sources: layer/build/fast_conv.py). Longer kernels are groups of four taps. A block of the signal is evaluated in the seven
 * points, multiplied there, and put together again while it is in the cache. Between evaluation and product a signal is float32,
 * or whole numbers of 14 bits: pairs of those are multiplied and added by one instruction (vpmaddwd), without any cutting off.
 */
#include <cpuid.h>
#include <immintrin.h>
#include <stdint.h>

#define FAST __attribute__((target("avx2,fma"))) static inline
#define INLINE __attribute__((always_inline, target("avx2,fma"))) static inline
#define EXPORT __attribute__((visibility("default"), target("avx2,fma")))

enum {
    VERSION = 1, /* of arguments and layout, in kernels.py as well */
    OUTPUTS = 4, /* of a tile; and taps of a group */
    POINTS = 7,  /* 0, 1, -1, 2, -2, 1/2, infinity */
    ROWS = 6,    /* of a product, held in registers with COLUMNS of its result */
    COLUMNS = 16,
    TILES = 96,   /* of a block, about: 384 outputs of each channel, so that it stays in the cache */
    PADDING = 48, /* values between two points, so that seven streams do not meet in one set of the cache */
};

typedef struct {
    const float *signal;  /* (time, in) */
    const float *steps;   /* null for float32; else (7, 8), what an evaluated signal is multiplied by to fill 16 bits */
    const float *bias;    /* (out) */
    const float *added;   /* (time, out) or null; may be the result itself */
    float *result;        /* (time, out) */
    const void *weights;  /* point by point (out / 16, values, 16) float32, or (out / 16, values / 2, 16, 2) int16 */
    const float *scales;  /* null for float32; else (7, out) what products of whole numbers are multiplied by */
    void *scratch;        /* conv_scratch() bytes */
    int64_t time;
    int64_t left;         /* zeros before the signal */
    int32_t in, out, taps, dilation;
    int32_t onto;         /* whether the result is added to what lies there */
    float slope;          /* of the leaky ReLU that the signal goes through first, 1 for none */
} Convolution;

/* How a convolution is cut into blocks. Values that are dilation apart form a signal of their own; a block has some tiles of each. */
typedef struct {
    int64_t tiles, groups; /* of one of those signals; of taps */
    int64_t room, space;   /* values from point to point, of what is multiplied and of products */
} Block;

static const float SILENCE[1024]; /* what lies before and behind a signal; kernels.py allows no more channels */

/* left += a.x * l.x + a.y * l.y and right += a.x * r.x + a.y * r.y in 32 bits. Written out because compilers that are free to move
 * the halves apart keep twelve products at once and run out of registers: half as fast. */
INLINE void multiply_add(__m256i *left, __m256i *right, __m256i a, __m256i l, __m256i r) {
    __m256i product;
    __asm__("vpmaddwd %4, %2, %3\n\tvpmaddwd %5, %2, %2\n\tvpaddd %3, %0, %0\n\tvpaddd %2, %1, %1"
            : "+x"(*left), "+x"(*right), "+x"(a), "=&x"(product)
            : "x"(l), "x"(r));
}

/* (ROWS, values) · (values, COLUMNS) in whole numbers, each column times its scale. Rows begin ``step`` values apart. */
INLINE void product_whole(const int16_t *a, int64_t step, const int16_t *b, int64_t values, const float *scale, float *c, int64_t width) {
    __m256i acc[ROWS][2];
#pragma GCC unroll 6
    for (int row = 0; row < ROWS; row++) acc[row][0] = acc[row][1] = _mm256_setzero_si256();
    for (int64_t at = 0; at < values; at += 2, b += 2 * COLUMNS) {
        const __m256i left = _mm256_loadu_si256((const __m256i *)b), right = _mm256_loadu_si256((const __m256i *)(b + COLUMNS));
#pragma GCC unroll 6
        for (int row = 0; row < ROWS; row++) {
            int32_t pair;
            __builtin_memcpy(&pair, a + row * step + at, sizeof pair);
            multiply_add(&acc[row][0], &acc[row][1], _mm256_set1_epi32(pair), left, right);
        }
    }
#pragma GCC unroll 6
    for (int row = 0; row < ROWS; row++)
        for (int half = 0; half < 2; half++)
            _mm256_storeu_ps(c + row * width + 8 * half, _mm256_mul_ps(_mm256_cvtepi32_ps(acc[row][half]), _mm256_loadu_ps(scale + 8 * half)));
}

/* (rows, values) · (values, COLUMNS) + start in float32. ``rows`` is known when compiled. */
INLINE void product_float(int rows, const float *a, int64_t step, const float *b, int64_t values, const float *start, float *c, int64_t width) {
    __m256 acc[ROWS][2];
    const __m256 zero = _mm256_setzero_ps();
#pragma GCC unroll 6
    for (int row = 0; row < rows; row++)
        for (int half = 0; half < 2; half++) acc[row][half] = start ? _mm256_loadu_ps(start + 8 * half) : zero;
    for (int64_t at = 0; at < values; at++, b += COLUMNS) {
        const __m256 left = _mm256_loadu_ps(b), right = _mm256_loadu_ps(b + 8);
#pragma GCC unroll 6
        for (int row = 0; row < rows; row++) {
            const __m256 one = _mm256_broadcast_ss(a + row * step + at);
            acc[row][0] = _mm256_fmadd_ps(one, left, acc[row][0]);
            acc[row][1] = _mm256_fmadd_ps(one, right, acc[row][1]);
        }
    }
#pragma GCC unroll 6
    for (int row = 0; row < rows; row++)
        for (int half = 0; half < 2; half++) _mm256_storeu_ps(c + row * width + 8 * half, acc[row][half]);
}

INLINE __m256 leaky(__m256 x, __m256 slope) { return _mm256_max_ps(x, _mm256_mul_ps(x, slope)); }

INLINE __m256 plus(__m256 sum, float factor, __m256 x) { return _mm256_fmadd_ps(_mm256_set1_ps(factor), x, sum); }

/* Eight channels of a tile in all points: x is a polynomial of the shift E, and point a takes what (E - a) is left out of
 * P = E (E - 1) (E + 1) (E - 2) (E + 2) (E - 1/2), infinity P itself. The last factor is applied first, to all but 1/2. */
INLINE void spread(const float *const *source, int channel, __m256 slope, __m256 *points) {
    __m256 x[POINTS], y[POINTS - 1];
#pragma GCC unroll 7
    for (int i = 0; i < POINTS; i++) x[i] = leaky(_mm256_loadu_ps(source[i] + channel), slope);
#pragma GCC unroll 6
    for (int i = 0; i < POINTS - 1; i++) y[i] = plus(x[i + 1], -.5f, x[i]);
    const __m256 even1 = plus(y[4], -4, y[2]), odd1 = plus(y[3], -4, y[1]);
    const __m256 even2 = _mm256_sub_ps(y[4], y[2]), odd2 = _mm256_sub_ps(y[3], y[1]);
    points[0] = plus(plus(y[4], -5, y[2]), 4, y[0]);
    points[1] = _mm256_add_ps(even1, odd1);
    points[2] = _mm256_sub_ps(even1, odd1);
    points[3] = plus(even2, 2, odd2);
    points[4] = plus(even2, -2, odd2);
    points[5] = plus(plus(x[5], -5, x[3]), 4, x[1]);
    points[6] = plus(plus(y[5], -5, y[3]), 4, y[1]);
}

/* Sixteen numbers as whole ones, cut off at 16 bits and rounded to 14: a sum of them times weights that add up to less than 2^18
 * stays below 2^31. */
INLINE __m256i whole(__m256 low, __m256 high, const float *step) {
    const __m256 factor = _mm256_loadu_ps(step);
    const __m256i packed = _mm256_packs_epi32(_mm256_cvtps_epi32(_mm256_mul_ps(low, factor)), _mm256_cvtps_epi32(_mm256_mul_ps(high, factor)));
    return _mm256_permute4x64_epi64(_mm256_mulhrs_epi16(packed, _mm256_set1_epi16(1 << 13)), 0xd8);
}

/* One tile in all points, from its first value on, to the scratch. */
FAST void evaluate_tile(const Convolution *c, int64_t first, int64_t room, int64_t to) {
    const float *source[POINTS];
    for (int i = 0; i < POINTS; i++) {
        const int64_t at = first + c->dilation * i;
        source[i] = at >= 0 && at < c->time ? c->signal + at * c->in : SILENCE;
    }
    const __m256 slope = _mm256_set1_ps(c->slope);
    int16_t *small = (int16_t *)c->scratch + to;
    float *large = (float *)c->scratch + to;
    for (int channel = 0; channel < c->in; channel += 16) {
        __m256 low[POINTS], high[POINTS];
        spread(source, channel, slope, low);
        spread(source, channel + 8, slope, high);
#pragma GCC unroll 7
        for (int p = 0; p < POINTS; p++) {
            if (c->steps) {
                _mm256_storeu_si256((__m256i *)(small + p * room + channel), whole(low[p], high[p], c->steps + 8 * p));
            } else {
                _mm256_storeu_ps(large + p * room + channel, low[p]);
                _mm256_storeu_ps(large + p * room + channel + 8, high[p]);
            }
        }
    }
}

/* A block's tiles, evaluated: (7, dilation, tiles + groups - 1, in). */
FAST void evaluate(const Convolution *c, const Block *b, int64_t first, int64_t count) {
    const int64_t rows = count + b->groups - 1;
    for (int64_t tile = 0; tile < rows; tile++)
        for (int64_t residue = 0; residue < c->dilation; residue++) {
            const int64_t begin = residue + c->dilation * OUTPUTS * (first + tile) - c->left;
            evaluate_tile(c, begin, b->room, (residue * (b->tiles + b->groups - 1) + tile) * c->in);
        }
}

/* Evaluated signal · evaluated kernel in every point: (7, dilation, tiles, out). At infinity only whole groups of taps count. */
FAST void multiply(const Convolution *c, const Block *b, int64_t count, float *products) {
    const int16_t *small = c->weights;
    const float *large = c->weights;
    for (int p = 0; p < POINTS; p++) {
        const int64_t values = (p == POINTS - 1 ? c->taps / OUTPUTS : b->groups) * c->in;
        for (int column = 0; column < c->out; column += COLUMNS, small += values * COLUMNS, large += values * COLUMNS)
            for (int64_t residue = 0; residue < c->dilation; residue++)
                for (int64_t tile = 0; tile < count; tile += ROWS) {
                    float *to = products + p * b->space + (residue * b->tiles + tile) * c->out + column;
                    const int64_t from = p * b->room + (residue * (b->tiles + b->groups - 1) + tile) * c->in;
                    if (c->steps)
                        product_whole((const int16_t *)c->scratch + from, c->in, small, values, c->scales + p * c->out + column, to, c->out);
                    else
                        product_float(ROWS, (const float *)c->scratch + from, c->in, large, values, 0, to, c->out);
                }
    }
}

/* Eight channels of a tile's outputs, from its products in all points: A · products + bias. */
INLINE void interpolate(const float *products, int64_t space, __m256 bias, __m256 *outputs) {
    __m256 x[POINTS];
#pragma GCC unroll 7
    for (int p = 0; p < POINTS; p++) x[p] = _mm256_loadu_ps(products + p * space);
    const __m256 even1 = _mm256_add_ps(x[1], x[2]), odd1 = _mm256_sub_ps(x[1], x[2]);
    const __m256 even2 = _mm256_add_ps(x[3], x[4]), odd2 = _mm256_sub_ps(x[3], x[4]);
    outputs[0] = _mm256_add_ps(_mm256_add_ps(_mm256_add_ps(bias, x[0]), _mm256_add_ps(even1, even2)), x[5]);
    outputs[1] = _mm256_fmadd_ps(_mm256_set1_ps(.5f), x[5], _mm256_fmadd_ps(_mm256_set1_ps(2), odd2, _mm256_add_ps(bias, odd1)));
    outputs[2] = _mm256_fmadd_ps(_mm256_set1_ps(.25f), x[5], _mm256_fmadd_ps(_mm256_set1_ps(4), even2, _mm256_add_ps(bias, even1)));
    outputs[3] = _mm256_fmadd_ps(_mm256_set1_ps(.125f), x[5], _mm256_fmadd_ps(_mm256_set1_ps(8), odd2, _mm256_add_ps(_mm256_add_ps(bias, x[6]), odd1)));
}

/* A block's outputs from its products. */
FAST void join(const Convolution *c, const Block *b, int64_t first, int64_t count, const float *products) {
    for (int64_t tile = 0; tile < count; tile++)
        for (int64_t residue = 0; residue < c->dilation; residue++) {
            const int64_t begin = residue + c->dilation * OUTPUTS * (first + tile);
            const float *from = products + (residue * b->tiles + tile) * c->out;
            for (int channel = 0; channel < c->out; channel += 8) {
                __m256 y[OUTPUTS];
                interpolate(from + channel, b->space, _mm256_loadu_ps(c->bias + channel), y);
#pragma GCC unroll 4
                for (int i = 0; i < OUTPUTS; i++) {
                    const int64_t at = begin + c->dilation * i;
                    if (at >= c->time) break;
                    float *to = c->result + at * c->out + channel;
                    if (c->added) y[i] = _mm256_add_ps(y[i], _mm256_loadu_ps(c->added + at * c->out + channel));
                    if (c->onto) y[i] = _mm256_add_ps(y[i], _mm256_loadu_ps(to));
                    _mm256_storeu_ps(to, y[i]);
                }
            }
        }
}

static Block cut(int32_t in, int32_t out, int32_t taps, int32_t dilation) {
    Block b;
    b.tiles = (TILES / dilation + ROWS - 1) / ROWS * ROWS;
    if (b.tiles < ROWS) b.tiles = ROWS;
    b.groups = (taps + OUTPUTS - 1) / OUTPUTS;
    b.room = dilation * (b.tiles + b.groups - 1) * in + PADDING;
    b.space = dilation * b.tiles * out + PADDING;
    return b;
}

/* 0 where this processor or its system cannot run the rest: AVX2, FMA, and registers of 256 bits that are kept. Asked directly,
 * because __builtin_cpu_supports answers no in what Zig compiles. */
__attribute__((visibility("default"))) int32_t kernels_version(void) {
    uint32_t a, b, c, d, low, high;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_FMA) || !(c & bit_OSXSAVE)) return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 6) != 6 || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return 0;
    return b & bit_AVX2 ? VERSION : 0;
}

/* Bytes that a convolution works in. */
EXPORT int64_t conv_scratch(int32_t in, int32_t out, int32_t taps, int32_t dilation) {
    const Block b = cut(in, out, taps, dilation);
    return (int64_t)sizeof(float) * POINTS * (b.room + b.space);
}

/* result = (result +) added + bias + convolution of leaky(signal). The signal and the result must not overlap. */
EXPORT void conv(const Convolution *c) {
    const Block b = cut(c->in, c->out, c->taps, c->dilation);
    float *products = (float *)c->scratch + POINTS * b.room;
    const int64_t longest = (c->time + c->dilation - 1) / c->dilation, tiles = (longest + OUTPUTS - 1) / OUTPUTS;
    for (int64_t first = 0; first < tiles; first += b.tiles) {
        const int64_t count = tiles - first < b.tiles ? tiles - first : b.tiles;
        evaluate(c, &b, first, count);
        multiply(c, &b, count, products);
        join(c, &b, first, count, products);
    }
}

/* (rows, values) · (values, width) + bias, width a multiple of 16, weights (width / 16, values, 16).
 * Rows begin ``step`` values apart and may overlap, so this is a convolution of any stride as well. */
EXPORT void product(const float *a, int64_t rows, int64_t step, int64_t values, const float *weights, const float *bias, int64_t width, float *result) {
    for (int64_t column = 0; column < width; column += COLUMNS, weights += values * COLUMNS) {
        int64_t row = 0;
        for (; row + ROWS <= rows; row += ROWS)
            product_float(ROWS, a + row * step, step, weights, values, bias + column, result + row * width + column, width);
        for (; row < rows; row++)
            product_float(1, a + row * step, step, weights, values, bias + column, result + row * width + column, width);
    }
}
