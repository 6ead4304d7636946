/* The kernels of the benches by hand: plain loops, as gcc -O3 -march=native is given them. */
#include <math.h>
#include <stdint.h>

void arc_distance(int64_t n, const double *t1, const double *p1, const double *t2, const double *p2, double *out) {
    for (int64_t i = 0; i < n; i++) {
        double a = sin((t2[i] - t1[i]) / 2), b = sin((p2[i] - p1[i]) / 2);
        double t = a * a + cos(t1[i]) * cos(t2[i]) * b * b;
        out[i] = 2 * atan2(sqrt(t), sqrt(1 - t));
    }
}

void rosen_terms(int64_t n, const double *restrict x, double *restrict out) {
    for (int64_t i = 0; i < n - 1; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        out[i] = 100 * (a * a) + b * b;
    }
}

double rosen(int64_t n, const double *restrict x) {
    double s = 0;
    for (int64_t i = 0; i < n - 1; i++) {
        double a = x[i + 1] - x[i] * x[i], b = 1 - x[i];
        s += 100 * (a * a) + b * b;
    }
    return s;
}

void blend(int64_t n, const double *restrict a, const double *restrict b, const double *restrict c, double *restrict out) {
    for (int64_t i = 0; i < n; i++) out[i] = (a[i] * b[i] + c[i]) * 0.5 - a[i] / (1.0 + b[i] * b[i]);
}

void gauss(int64_t n, const double *restrict x, double mean, double width, double *restrict out) {
    double scale = 2 * width * width;
    for (int64_t i = 0; i < n; i++) out[i] = exp(-((x[i] - mean) * (x[i] - mean)) / scale);
}

void mandelbrot(int64_t width, int64_t height, int64_t limit, int64_t *out) {
    for (int64_t i = 0; i < height; i++)
        for (int64_t j = 0; j < width; j++) {
            double cr = -2.0 + 3.0 * j / width, ci = -1.5 + 3.0 * i / height, x = 0, y = 0;
            int64_t n = 0;
            while (n < limit && x * x + y * y <= 4.0) {
                double t = x * x - y * y + cr;
                y = 2.0 * x * y + ci;
                x = t;
                n++;
            }
            out[i * width + j] = n;
        }
}

void stencil(int64_t n, int64_t m, double *restrict u, double *restrict v, double k, int64_t steps) {
    for (int64_t s = 0; s < steps; s++) {
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++)
                v[i * m + j] = u[i * m + j]
                    + k * (u[(i - 1) * m + j] + u[(i + 1) * m + j] + u[i * m + j - 1] + u[i * m + j + 1] - 4.0 * u[i * m + j]);
        for (int64_t i = 1; i < n - 1; i++)
            for (int64_t j = 1; j < m - 1; j++) u[i * m + j] = v[i * m + j];
    }
}

void pairwise(int64_t n, int64_t d, const double *restrict x, double *restrict out) {
    for (int64_t i = 0; i < n; i++)
        for (int64_t j = 0; j < n; j++) {
            double s = 0;
            for (int64_t k = 0; k < d; k++) {
                double t = x[i * d + k] - x[j * d + k];
                s += t * t;
            }
            out[i * n + j] = sqrt(s);
        }
}

/* Not a kernel: what memory gives. */
void triad(int64_t n, double *restrict a, const double *restrict b, const double *restrict c, double k) {
    for (int64_t i = 0; i < n; i++) a[i] = b[i] + k * c[i];
}
