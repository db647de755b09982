import { RealtimeGantt } from "@livegantt/react";
import "@livegantt/styles";
import "@livegantt/styles/svar.css";
import { bindSvar, chartData, taskTypes } from "@livegantt/svar";
import { Gantt, Willow } from "@svar-ui/react-gantt";
import "@svar-ui/react-gantt/all.css";
import { useEffect, useMemo, useState } from "react";
import { createRoot } from "react-dom/client";
import "./page.css";

function Chart({ live }) {
  const [api, setApi] = useState(null);
  const [problem, setProblem] = useState("");
  const data = useMemo(() => chartData(live), [live]);
  useEffect(() => (api ? bindSvar(live, api, { onError: (error) => setProblem(error.message) }) : undefined), [live, api]);
  return (
    <div className="chart">
      {problem && <p role="alert">{problem}</p>}
      <Willow fonts={false}>
        <Gantt init={setApi} tasks={data.tasks} links={data.links} taskTypes={taskTypes} lengthUnit="hour" />
      </Willow>
    </div>
  );
}

const root = document.getElementById("root");
const { project, person } = root.dataset;
// The product's cookie says who this is; the name is what the page already knows.
createRoot(root).render(<RealtimeGantt projectId={project} currentUser={{ name: person }} url="/plans/gantt-sync" chart={Chart} />);
