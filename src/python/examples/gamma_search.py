# %% [markdown]
# # GAMMA's search with the cost in process
#
# GAMMA (github.com/maestro-project/gamma) is a genetic search for mappings. For each candidate it writes a file, starts MAESTRO and
# reads a CSV. Here the same figures come from a function call: `use(gamma.GAMMA)` before the search, and nothing else changes. Run from
# `src/GAMMA` of a clone, with the arguments of GAMMA's `main.py`:
#
# ```sh
# python .../gamma_search.py --fitness1 latency --num_pe 168 --l1_size 512 --l2_size 108000 --epochs 10 --model vgg16 --singlelayer 1
# ```

# %%
import csv
import io
import runpy
import sys

import numpy
from maestrino import Error, Hardware, Network, estimate


class Memory(io.StringIO):
    """A file that GAMMA writes and nobody need read from a disk."""

    def close(self):
        pass


# %%
def use(search):
    """Gives GAMMA's class a cost that is a function call."""
    module = sys.modules[search.__module__]

    def mapping(self, individual):
        """The mapping file that GAMMA would write."""
        file = Memory()
        module.open = lambda *_: file
        try:
            self.write_maestro(individual, m_file="-")
        finally:
            del module.open
        return file.getvalue()

    def observe(self, individual, num_pe=None, l1_size=None, l2_size=None, NocBW=None, offchipBW=None):
        pes = num_pe or (individual[0][1] if self.num_pe < 1 else self.num_pe)
        try:
            network = Network.read(mapping(self, individual).encode())
            hw = Hardware(
                pes=int(pes),
                l1=l1_size or self.l1_size,
                l2=l2_size or self.l2_size,
                noc_bw=NocBW or self.NocBW,
                offchip_bw=offchipBW or self.offchipBW,
            )
            text = estimate(network, hw, model="maestro").to_maestro_csv()
        except Error:
            # MAESTRO crashes, or prints nonsense.
            return None, None
        rows = [{name.strip(): cell for name, cell in row.items()} for row in csv.DictReader(io.StringIO(text))]
        column = lambda name: numpy.array([float(row[name]) for row in rows])
        runtime, l1, l2 = (
            column(name)
            for name in ("Runtime (Cycles)", "L1 SRAM Size Req (Bytes)", "L2 SRAM Size Req (Bytes)")
        )
        area = column("Area")
        if self.external_area_model:
            area = self.compute_area_external(pes, l1, l2)
        elif self.area_pebuf_only:
            area = self.compute_area_maestro(pes, l1, l2)
        others = [column("Num MACs"), column("Power")]
        throughput, energy = column("Throughput (MACs/Cycle)"), column("Activity count-based Energy (nJ)")
        self.observation = [numpy.mean(x) for x in [runtime, throughput, energy, area, l1, l2, *others, pes]]
        small = (l1 > self.l1_size).any() or (l2 > self.l2_size).any()
        if small or min(runtime.min(), l1.min(), l2.min()) < 1 or not self.validTo_external_mem_cstr(individual, num_pe=pes):
            return None, None
        return self.judge(), {}

    search.oberserve_maestro = observe


# %%
if __name__ == "__main__":
    sys.path[:0] = [".", "..", "../.."]
    import gamma

    use(gamma.GAMMA)
    sys.argv[0] = "main.py"
    runpy.run_path("main.py", run_name="__main__")
