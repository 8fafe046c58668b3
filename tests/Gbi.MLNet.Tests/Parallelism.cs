// Tests that run programs or commands use two cores together; all others use all cores by themselves, one after the other.
[assembly: LevelOfParallelism(2)]
