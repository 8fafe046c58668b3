"""Reference numbers of SignificanceTests, in 60 digits and without the closed form: the profile likelihood ratio of
Poisson(n | s + b') Poisson(m | tau b') with tau = b/d^2 and m = b^2/d^2 (Cousins, Linnemann and Tucker, NIM A 595 (2008)
480), where s = 0 is maximised by b' = (n + m)/(1 + tau). Standard library only. Run: python3 significance_reference.py"""
from decimal import Decimal, getcontext

getcontext().prec = 60


def significance(n, b, d):
    n, b, d = Decimal(n), Decimal(b), Decimal(d)
    if d == 0:
        return (2 * (n * (n / b).ln() - (n - b))).sqrt()
    tau, m = b / d**2, b**2 / d**2

    def log_likelihood(mean, background):
        return n * mean.ln() - mean + m * (tau * background).ln() - tau * background

    null = (n + m) / (1 + tau)
    return (2 * (log_likelihood(n, m / tau) - log_likelihood(null, null))).sqrt()


for case in [("110", "100", "0"), ("110", "100", "1e-5"), ("110", "100", "1e-4"), ("110", "100", "1e-3"), ("110", "100", "5"),
             ("110", "100", "50"), ("12", "3", "0.6"), ("1", "0.001", "0"), ("1", "0.001", "0.0005"),
             ("1001000", "1000000", "0"), ("1001000", "1000000", "500"), ("200", "121.98", "8.5")]:
    print(*case, f"{significance(*case):.12g}")
