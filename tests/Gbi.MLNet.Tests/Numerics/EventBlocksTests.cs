using Gbi.Numerics;

namespace Gbi.Tests.Numerics;

[TestFixture]
internal sealed class EventBlocksTests
{
    [TestCase(0, 10), TestCase(1, 10), TestCase(10, 10), TestCase(11, 10), TestCase(1_000_003, EventBlocks.DefaultSize)]
    public void Every_event_is_visited_exactly_once(int count, int blockSize)
    {
        int[] visits = new int[count];
        EventBlocks.ForEach(count, (start, length) =>
        {
            for (int row = start; row < start + length; row++)
            {
                visits[row]++;
            }
        }, blockSize);
        Assert.That(visits.All(number => number == 1));
        Assert.That(EventBlocks.CountOf(count, blockSize), Is.EqualTo((int)Math.Ceiling(count / (double)blockSize)));
    }

    [Test]
    public void A_sum_has_the_same_bits_for_one_and_two_threads()
    {
        // Terms of very different sizes, so that another order of addition would give another rounding.
        var seed = new Seed(1);
        double Sum(int start, int length) =>
            Enumerable.Range(start, length).Sum(row => Math.Exp(40 * (seed.Uniform(row) - 0.5)));
        (double one, double two) = ThreadLimit.Compare(() => EventBlocks.Sum(200_000, Sum, 1000));
        Assert.That(two, Is.EqualTo(one));
        double ordered = Enumerable.Range(0, 200).Select(block => Sum(1000 * block, 1000)).Aggregate(0.0, (sum, part) => sum + part);
        Assert.That(one, Is.EqualTo(ordered));
    }

    [Test]
    public void A_failure_in_a_block_surfaces_as_it_is_for_one_and_two_threads()
    {
        (Exception? one, Exception? two) = ThreadLimit.Compare(() => Assert.Catch(() => EventBlocks.ForEachIndex(
            50, index => _ = index == 17 ? throw new InvalidDataException("block 17") : index)));
        Assert.That(one, Is.TypeOf<InvalidDataException>().With.Message.EqualTo("block 17"));
        Assert.That(two, Is.TypeOf<InvalidDataException>().With.Message.EqualTo("block 17"));
    }

    [Test]
    public void A_cancelled_pass_stops()
    {
        (Exception? one, Exception? two) = ThreadLimit.Compare(() =>
        {
            using var source = new CancellationTokenSource();
            int visited = 0;
            Exception? failure = Assert.Catch(() => EventBlocks.ForEachIndex(
                1_000_000,
                _ =>
                {
                    if (Interlocked.Increment(ref visited) == 3)
                    {
                        source.Cancel();
                    }
                },
                source.Token));
            Assert.That(visited, Is.LessThan(1_000_000));
            return failure;
        });
        Assert.That(one, Is.InstanceOf<OperationCanceledException>());
        Assert.That(two, Is.InstanceOf<OperationCanceledException>());
    }

    [Test]
    public void Fewer_than_one_thread_is_refused() =>
        Assert.That(() => EventBlocks.MaxThreads = 0, Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("1 or more"));
}
