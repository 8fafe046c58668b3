using Gbi.Numerics;
using Gbi.Numerics.Minima;
using Gbi.Numerics.Probability;

namespace Gbi.Posteriors;

/// <summary>One chain of <see cref="HamiltonianSampler"/>.</summary>
internal sealed class HamiltonianChain
{
    // Of a trajectory of a Gaussian with scale 1, whose period is 2π; longer and shorter ones by a quarter, so that none comes back to
    // itself.
    private const double MeanLength = Math.PI / 2;

    // An error of the energy beyond this is no rounding: the step is too long for the curvature.
    private const double Divergence = 1000;

    private const int MostTurns = 16;

    private readonly ISmoothFunction _function;
    private readonly IReadOnlyList<(double Low, double High)> _bounds;
    private readonly HamiltonianOptions _options;
    private readonly Random _random;
    private readonly ScaleAdaptation _scales;
    private readonly StepAdaptation _step;
    private readonly double[] _position;
    private readonly double[] _gradient;
    private readonly double[] _proposal;
    private readonly double[] _proposalGradient;
    private readonly double[] _momentum;
    private double _value;
    private double _acceptances;

    public HamiltonianChain(
        ISmoothFunction function, double[] start, IReadOnlyList<(double Low, double High)> bounds, HamiltonianOptions options, Seed seed)
    {
        int size = start.Length;
        _function = function;
        _bounds = bounds;
        _options = options;
        _random = seed.CreateRandom();
        _scales = new ScaleAdaptation(size, options.WarmUpCount);
        _step = new StepAdaptation(options.TargetAcceptance);
        _position = [.. start];
        _gradient = new double[size];
        _proposal = new double[size];
        _proposalGradient = new double[size];
        _momentum = new double[size];
        Draws = new double[options.DrawCount * size];
        _value = function.Evaluate(_position, _gradient, []);
    }

    /// <summary>The draws kept, shape [draws × parameters].</summary>
    public double[] Draws { get; }

    /// <summary>Mean acceptance of the draws kept.</summary>
    public double Acceptance => _acceptances / _options.DrawCount;

    /// <summary>Trajectories of the draws kept that left the energy surface.</summary>
    public int DivergentCount { get; private set; }

    public void Run(CancellationToken cancellation)
    {
        for (int draw = 0; draw < _options.WarmUpCount; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            _step.Update(Move(_step.Current, out _));
            if (_scales.Update(draw, _position))
            {
                _step.Restart();
            }
        }

        double step = _step.Final;
        for (int draw = 0; draw < _options.DrawCount; draw++)
        {
            cancellation.ThrowIfCancellationRequested();
            _acceptances += Move(step, out bool isDivergent);
            DivergentCount += isDivergent ? 1 : 0;
            _position.CopyTo(Draws, draw * _position.Length);
        }
    }

    /// <summary>One trajectory; the chain stays or goes to its end. Returns the probability of going.</summary>
    private double Move(double step, out bool isDivergent)
    {
        for (int k = 0; k < _momentum.Length; k++)
        {
            _momentum[k] = _random.NextNormal(0, 1) / _scales[k];
        }

        double energy = _value + KineticEnergy();
        _position.CopyTo(_proposal, 0);
        _gradient.CopyTo(_proposalGradient, 0);
        double length = MeanLength * (0.75 + (0.5 * _random.NextDouble()));
        int steps = (int)Math.Clamp(Math.Ceiling(length / step), 1, _options.MaxSteps);
        double value = Roll(steps, step);
        double rise = value + KineticEnergy() - energy;
        isDivergent = !(rise < Divergence);
        double acceptance = isDivergent ? 0 : Math.Min(1, Math.Exp(-rise));
        if (_random.NextDouble() < acceptance)
        {
            _proposal.CopyTo(_position, 0);
            _proposalGradient.CopyTo(_gradient, 0);
            _value = value;
        }

        return acceptance;
    }

    /// <summary>Leapfrog steps of the proposal; returns f at its end, +∞ where it left the domain.</summary>
    private double Roll(int steps, double step)
    {
        double value = _value;
        for (int i = 0; i < steps; i++)
        {
            Push(step / 2);
            for (int k = 0; k < _proposal.Length; k++)
            {
                _proposal[k] += step * _momentum[k] * _scales[k] * _scales[k];
                Reflect(k);
            }

            value = IsInside() ? _function.Evaluate(_proposal, _proposalGradient, []) : double.PositiveInfinity;
            if (!double.IsFinite(value))
            {
                return double.PositiveInfinity;
            }

            Push(step / 2);
        }

        return value;
    }

    /// <summary>Turns a parameter back at the ends of its range; one that is far too fast stays outside and ends the trajectory.</summary>
    private void Reflect(int parameter)
    {
        (double low, double high) = _bounds[parameter];
        for (int turn = 0; turn < MostTurns && (_proposal[parameter] < low || _proposal[parameter] > high); turn++)
        {
            double wall = _proposal[parameter] < low ? low : high;
            _proposal[parameter] = wall + (wall - _proposal[parameter]);
            _momentum[parameter] = -_momentum[parameter];
        }
    }

    private bool IsInside()
    {
        for (int k = 0; k < _proposal.Length; k++)
        {
            if (!(_proposal[k] >= _bounds[k].Low && _proposal[k] <= _bounds[k].High))
            {
                return false;
            }
        }

        return true;
    }

    private void Push(double step)
    {
        for (int k = 0; k < _momentum.Length; k++)
        {
            _momentum[k] -= step * _proposalGradient[k];
        }
    }

    private double KineticEnergy()
    {
        double sum = 0;
        for (int k = 0; k < _momentum.Length; k++)
        {
            double scaled = _momentum[k] * _scales[k];
            sum += scaled * scaled;
        }

        return sum / 2;
    }
}
