using Gbi.Events;

namespace Gbi.Tests.Events;

[TestFixture]
internal sealed class PairKinematicsTests
{
    private static readonly ParticleColumns First = new("pt1", "eta1", "phi1");
    private static readonly ParticleColumns Second = new("pt2", "eta2", "phi2");

    [TestCase(0.0), TestCase(0.7), TestCase(2.0)]
    public void A_pair_at_rest_has_the_angle_of_its_particles(double eta)
    {
        // Massless and back to back: cos θ = tanh η.
        double[] pair = Of((3, eta, 0.4), (3, -eta, 0.4 + Math.PI));

        Assert.Multiple(() =>
        {
            Assert.That(pair[0], Is.EqualTo(0).Within(1e-5));
            Assert.That(pair[1], Is.EqualTo(0).Within(1e-6));
            Assert.That(pair[2], Is.EqualTo(Math.Tanh(eta)).Within(1e-6));
        });
    }

    [TestCase(0.3), TestCase(1.2), TestCase(2.9)]
    public void A_pair_that_flies_across_the_beams_keeps_the_azimuth_of_its_rest_frame(double angle)
    {
        // Momenta ±(cos α, sin α, 0) in the rest frame, seen from one in which the pair flies along x with velocity β.
        const double beta = 0.6;
        double gamma = 1 / Math.Sqrt(1 - (beta * beta));
        (double, double, double) Boosted(double sign)
        {
            (double x, double y) = (gamma * ((sign * Math.Cos(angle)) + beta), sign * Math.Sin(angle));
            return (Math.Sqrt((x * x) + (y * y)), 0, Math.Atan2(y, x));
        }

        double[] pair = Of(Boosted(+1), Boosted(-1));

        Assert.Multiple(() =>
        {
            Assert.That(pair[0], Is.EqualTo(2 * gamma * beta).Within(1e-5));
            Assert.That(pair[2], Is.EqualTo(0).Within(1e-6));
            Assert.That(pair[3], Is.EqualTo(Math.Abs(Math.Cos(angle))).Within(1e-5));
        });
    }

    [Test]
    public void A_boost_along_the_beams_moves_the_rapidity_alone()
    {
        double[] slow = Of((5, 0.3, 0.1), (4, -0.2, 2.5));
        double[] fast = Of((5, 1.3, 0.1), (4, 0.8, 2.5));

        Assert.That(fast[1] - slow[1], Is.EqualTo(1).Within(1e-5));
        Assert.That(new[] { fast[0], fast[2], fast[3] }, Is.EqualTo(new[] { slow[0], slow[2], slow[3] }).Within(1e-5));
    }

    [Test]
    public void The_order_of_the_particles_does_not_matter() =>
        Assert.That(Of((5, 0.3, 0.1), (4, -0.2, 2.5)), Is.EqualTo(Of((4, -0.2, 2.5), (5, 0.3, 0.1))).Within(1e-6));

    [Test]
    public void Angles_and_rapidity_do_not_know_the_scale_of_the_momenta()
    {
        double[] light = Of((5, 0.3, 0.1), (4, -0.2, 2.5));
        double[] heavy = Of((50, 0.3, 0.1), (40, -0.2, 2.5));

        Assert.That(heavy[1..], Is.EqualTo(light[1..]).Within(1e-6));
    }

    [Test]
    public void A_missing_value_is_named()
    {
        EventTable events = Table((5, double.NaN, 0.1), (4, -0.2, 2.5));

        Assert.That(
            () => PairKinematics.Append(events, First, Second),
            Throws.TypeOf<DataException>().With.Message.Contains("Column 'eta1' has no value at row 0"));
    }

    private static double[] Of((double, double, double) first, (double, double, double) second)
    {
        EventTable pairs = PairKinematics.Append(Table(first, second), First, Second);
        return [.. PairKinematics.Columns.Select(column => (double)pairs[column][0])];
    }

    private static EventTable Table((double Pt, double Eta, double Phi) first, (double Pt, double Eta, double Phi) second) =>
        EventTable.FromColumns(
        ("pt1", [(float)first.Pt]), ("eta1", [(float)first.Eta]), ("phi1", [(float)first.Phi]),
        ("pt2", [(float)second.Pt]), ("eta2", [(float)second.Eta]), ("phi2", [(float)second.Phi]));
}
